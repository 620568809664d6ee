"""Find what of `lib` some code needs, its doors narrowed to the names that are asked for."""

import ast

from homework import Trouble
from homework.course import ROOT


class Closure:
    """The files of `lib` that are needed, by path.

    Parameters
    ----------
    own : dict of str to str
        Texts that stand in place of modules of `lib`, by the modules' names.

    Attributes
    ----------
    modules : dict of str to str
        The texts of the modules that are needed whole, by their names.
    """

    def __init__(self, own):
        self.own, self.modules, self.doors = own, {}, {}

    def read(self, text):
        """Take in what a text imports of `lib`."""
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    self.want(alias.name, "*")
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    self.want(node.module, alias.name)

    def want(self, module, name):
        """Take in a name of a module of `lib`; the star is all of it."""
        if module.partition(".")[0] != "lib" or module in self.modules:
            return
        parts = module.split(".")
        for end in range(1, len(parts)):
            self.doors.setdefault(".".join(parts[:end]), set())
        text = self.own.get(module) or text_of(module)
        if text is not None:
            self.modules[module] = text
            self.read(text)
        elif text_of(f"{module}.__init__") is not None:
            self.doors.setdefault(module, set())
            self.through(module, name)
        else:
            raise Trouble(f"The notebook imports {module}, which is no module of lib.")

    def through(self, door, name):
        """Take in a name that a door lets through: a module behind it, or what it imports."""
        behind = f"{door}.{name}"
        if behind in self.own or text_of(behind) or text_of(f"{behind}.__init__"):
            self.want(behind, "")
            return
        found = [(node.module, alias) for node in ast.parse(text_of(f"{door}.__init__")).body
                 if isinstance(node, ast.ImportFrom) for alias in node.names
                 if name in (alias.asname or alias.name, "*")]
        if not found and name and name != "*":
            raise Trouble(f"{door} does not import {name!r}, which the notebook takes from it: "
                          "import it from the module that defines it.")
        for module, alias in found:
            self.doors[door].add(f"from {module} import {ast.unparse(alias)}")
            self.want(module, alias.name)

    def files(self):
        """Return the texts and the data of what is needed, by path."""
        found = {f"{module.replace('.', '/')}.py": text.encode()
                 for module, text in self.modules.items()}
        for door, lines in self.doors.items():
            folder = ROOT / door.replace(".", "/")
            about = ast.get_docstring(ast.parse(text_of(f"{door}.__init__"))) or ""
            text = "\n".join([f'"""{about}\n"""', *sorted(lines)]) + "\n"
            found[f"{door.replace('.', '/')}/__init__.py"] = text.encode()
            if any(module.startswith(f"{door}.") for module in self.modules):
                found |= data_of(folder)
        return found


def text_of(module):
    """Return the text of a module of lib; None where there is none.

    Examples
    --------
    >>> text_of("lib.__init__")[3:18], text_of("lib.grade")
    ('The shared code', None)
    """
    file = ROOT / (module.replace(".", "/") + ".py")
    return file.read_text(encoding="utf-8") if file.is_file() else None


def data_of(folder):
    """Return the files of a package that are no code, by path; other packages in it apart."""
    return {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in folder.rglob("*")
            if path.is_file() and path.suffix not in (".py", ".pyc")
            and next(one for one in path.parents if (one / "__init__.py").is_file()) == folder}
