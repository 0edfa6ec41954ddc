// One of several options, by radio buttons; the value is the number of the option.
function choice(live, name, { label, options, value = 0 }) {
  const style = "align-items: center; display: flex; gap: 6px 20px";
  const group = element("div", live.panel, { role: "radiogroup", "aria-label": label, style });
  element("span", group, { "aria-hidden": true }, label);
  const only = `${name}-${Math.random()}`; // another figure on the page has other buttons
  const buttons = options.map((text, number) => {
    const row = element("label", group);
    const button = element("input", row, { type: "radio", name: only, style: "flex: none; margin: 0" });
    row.append(text);
    button.addEventListener("change", () => live.change({ [name]: number }));
    return button;
  });
  live.values[name] = value;
  live.moved.push((v) => (buttons[v[name]].checked = true));
}
