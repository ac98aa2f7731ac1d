// Takes away the one way to send that a content security policy does not reach: WebRTC.
//
// In: the page's globals. Out: none of WebRTC's constructors. Invariant: this is the first module of the page to run.

for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection"]) {
  Object.defineProperty(globalThis, name, { value: undefined, writable: false, configurable: false });
}

export {};
