// The one place that names the vendored library: preact with hooks, and htm bound to it.
export {
  h,
  html,
  render,
  createContext,
  useCallback,
  useContext,
  useEffect,
  useErrorBoundary,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from "../vendor/htm-3.1.1/preact/standalone.module.js";
