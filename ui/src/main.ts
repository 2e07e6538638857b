// Where does the window start? Here: styles, the first state, the frame.
import { mount } from "svelte";
import "@fontsource-variable/inter/wght.css";
import "./styles/tokens.css";
import "./styles/base.css";
import App from "./App.svelte";
import { openSettings, type Section } from "./panels/settings/sections.svelte.ts";
import { fromLink, isViewName } from "./location.ts";
import { app } from "./shared/state.svelte.ts";

const target = document.getElementById("app");
if (target) {
  mount(App, { target });
  void app.start();
  if (import.meta.env.DEV) {
    // For pictures of one view, of a part of the settings, or of any location: ?view=trends, ?settings=watch, #view=trends&…
    const asked = new URLSearchParams(location.search);
    const view = asked.get("view");
    const linked = fromLink(location.hash);
    if (linked !== null) app.navigation.visit(linked);
    else if (view !== null && isViewName(view)) app.navigation.go(view);
    const section = asked.get("settings");
    if (section) openSettings(section as Section);
  }
}
