// Puts the site on the page.
//
// In: the element `app`. Out: the site. Invariant: the two pages stay in memory, so that changing between them loses nothing.

import "./shell/no-peers.js";
import { render } from "preact";
import { Header } from "./shell/header.js";
import { begin, page } from "./shell/settings.js";
import { Validator } from "./validator/validator.js";
import { startMarks } from "./validator/marks.js";
import { Workbench } from "./workbench/workbench.js";

function App() {
  return (
    <>
      <Header />
      <main id="main" tabIndex={-1}>
        <div hidden={page.value !== "audit"}><Validator /></div>
        <div hidden={page.value !== "bench"} class="fill"><Workbench active={page.value === "bench"} /></div>
      </main>
    </>
  );
}

begin();
void startMarks();
const app = document.getElementById("app");
if (app) {
  app.replaceChildren();
  render(<App />, app);
}
