# The app. Where no Neo4j is named (SYMBIOSIS_NEO4J_URI), it keeps the embedded store in the volume /data.
FROM python:3.11-slim

WORKDIR /app
COPY requirements.lock ./
RUN python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY graphql graphql
COPY optimizer optimizer
COPY symbiosis symbiosis
RUN python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

RUN useradd --create-home --uid 10001 symbiosis && mkdir /data && chown symbiosis /data
USER symbiosis
ENV SYMBIOSIS_DATA_DIR=/data
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["symbiosis"]
CMD ["serve"]
