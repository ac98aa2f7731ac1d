// The worker of the self-check.
//
// In: nothing. Out: one client. Invariant: the self-check and the workbench never wait for each other.

import { Client } from "../worker/client.js";

export const client = new Client();
