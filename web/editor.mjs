// The editor of a code cell: CodeMirror, in the book's colours. web/editing.py makes run/editor.js of
// it, which a page loads when its first cell is edited: book.editor(text, {label, change, run, hint}).
import {defaultKeymap, history, historyKeymap, indentWithTab} from "@codemirror/commands";
import {pythonLanguage} from "@codemirror/lang-python";
import {bracketMatching, indentOnInput, indentUnit, syntaxHighlighting} from "@codemirror/language";
import {EditorState, Prec} from "@codemirror/state";
import {EditorView, keymap} from "@codemirror/view";
import {tagHighlighter, tags} from "@lezer/highlight";

// The classes of the book's listings, which are those of Pygments.
const COLOURS = tagHighlighter([
  {tag: [tags.keyword, tags.self], class: "k"},
  {tag: tags.operatorKeyword, class: "ow"},
  {tag: [tags.bool, tags.null], class: "kc"},
  {tag: tags.string, class: "s2"},
  {tag: tags.number, class: "mi"},
  {tag: tags.comment, class: "c1"},
  {tag: tags.function(tags.definition(tags.variableName)), class: "nf"},
  {tag: tags.definition(tags.className), class: "nc"},
  {tag: tags.meta, class: "nd"},
]);
const LOOK = EditorView.theme({
  "&": {color: "inherit", backgroundColor: "transparent", fontSize: "inherit"},
  "&.cm-focused": {outline: "none"},
  ".cm-scroller": {fontFamily: "inherit", lineHeight: "inherit", overflow: "auto"},
  ".cm-content": {padding: ".6rem .9rem", caretColor: "currentColor"},
  ".cm-line": {padding: "0"},
});

window.book.editor = (text, {label, hint, change, run}) => {
  const view = new EditorView({state: EditorState.create({doc: text, extensions: [
    Prec.highest(keymap.of([{key: "Shift-Enter", run() { run(); return true; }}])),
    keymap.of([indentWithTab, ...defaultKeymap, ...historyKeymap]),
    history(), indentUnit.of("    "), indentOnInput(), bracketMatching(),
    pythonLanguage, syntaxHighlighting(COLOURS), LOOK, EditorView.lineWrapping,
    EditorView.editorAttributes.of({class: "run-code highlight"}),
    EditorView.contentAttributes.of({"aria-label": label, "aria-describedby": hint, autocapitalize: "off"}),
    EditorView.updateListener.of(update => { if (update.docChanged) change(view.state.doc.toString()); }),
  ]})});
  return {
    element: view.dom,
    get text() { return view.state.doc.toString(); },
    set text(value) { view.dispatch({changes: {from: 0, to: view.state.doc.length, insert: value}}); },
    focus(start = 0, end = start) {
      view.focus();
      view.dispatch({selection: {anchor: start, head: end}, scrollIntoView: true});
    },
  };
};
