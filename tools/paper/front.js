// Make the title page and the table of contents, with the numbers of its pages.
({about, headings}) => {
  const make = (name, options = {}, ...children) => {
    const made = Object.assign(document.createElement(name), options);
    made.append(...children);
    return made;
  };

  function entry({id, text, number}) {
    const link = make("a", {href: `/book#${id}`});
    for (const [name, words] of [["name", text], ["dots", ""], ["number", number]])
      link.append(make("span", {className: name}, words));
    return link;
  }

  function contents() {
    const box = make("section", {className: "contents bd-article"}, make("h1", {}, "Contents"));
    let chapters, sections, part;
    for (const one of headings) {
      if (one.level > 1) {
        sections.append(make("li", {}, entry(one)));
        continue;
      }
      if (one.part !== part) {
        part = one.part;
        if (part) box.append(make("p", {className: "part"}, part));
        box.append(chapters = make("ol"));
      }
      sections = make("ol");
      chapters.append(make("li", {}, make("p", {className: "chapter"}, entry(one)), sections));
    }
    for (const list of box.querySelectorAll("ol:empty")) list.remove();
    return box;
  }

  const title = make("section", {className: "front bd-article"}, make("h1", {}, about.title),
    make("p", {}, about.subtitle), make("p", {}, about.author),
    ...about.small.map(line => make("p", {className: "small"}, line)));
  document.querySelector("main").append(title, contents());
}
