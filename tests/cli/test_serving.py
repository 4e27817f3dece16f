"""The socket that `serve` listens on."""

import socket

from symbiosis.cli.serving import listen


def test_the_connections_of_the_server_send_each_part_of_an_answer_at_once() -> None:
    listening = listen("127.0.0.1", 0)
    try:
        with socket.create_connection(listening.opened.getsockname()):
            accepted, _ = listening.opened.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    finally:
        listening.close()
