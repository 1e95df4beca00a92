//! What the code of one file says, as plain data: no syntax tree, no rules. All spans are spans
//! of the file's decoded text; those of a notebook are spans of its JSON.
//!
//! The lists refer to each other by index (`Literal::site`, `Role::Argument { call, .. }`); every
//! index that a list holds is valid, and the accessors of [`Facts`] resolve them.

use crate::text::Span;

/// How far the text is Python.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Parse {
    /// All of it: rewriting is allowed.
    #[default]
    Parsed,
    /// All but the places of a few syntax errors (Python 2's `print "x"`); the facts are right,
    /// some may be missing.
    Recovered,
    /// The syntax tree lost imports: those and the string literals of the lost parts come from a
    /// scan of the text, without sites.
    Tokens,
}

/// The first place that is not Python.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where, in the decoded text.
    pub span: Span,
    /// What is wrong, as half a sentence.
    pub message: String,
}

/// Everything that rules can know about one file, gathered in one visit of its syntax tree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// How far the text is Python.
    pub parse: Parse,
    /// The first syntax error; `None` exactly when `parse` is [`Parse::Parsed`].
    pub error: Option<SyntaxError>,
    /// The names that import statements and dynamic imports ask for.
    pub imports: Vec<Import>,
    /// The string and bytes literals, and the constant parts of f-strings, in source order; those of
    /// a scan ([`Parse::Tokens`]) come last.
    pub literals: Vec<Literal>,
    /// Expressions that are not a single literal and have a constant text or a constant beginning.
    pub constants: Vec<Constant>,
    /// Reads (and writes) of environment variables whose name is constant.
    pub environment: Vec<EnvironmentUse>,
    /// The calls, an outer one before the ones in its arguments.
    pub calls: Vec<Call>,
    /// Dotted names, and single names that an import binds.
    pub references: Vec<Reference>,
    /// Every place that binds a name, in any scope.
    pub bindings: Vec<Binding>,
    /// The names that bindings share: one per scope and name.
    pub variables: Vec<Variable>,
    /// The module (always number 0), its functions, classes, lambdas and comprehensions.
    pub scopes: Vec<Scope>,
    /// Where expressions stand; number 0 is "nowhere special".
    pub sites: Vec<ExpressionSite>,
    /// The comments, in source order.
    pub comments: Vec<Comment>,
    /// The bodies of `if __name__ == "__main__"`, which an import does not run.
    pub main_blocks: Vec<Span>,
    /// Commands of `IPython` (`%matplotlib inline`, `!pip install x`), only in notebooks.
    pub escapes: Vec<Escape>,
    /// Literals and the constants that they are pieces of, ordered.
    pub(super) literal_uses: Vec<(usize, usize)>,
    /// Variables and the constants that they are pieces of, ordered.
    pub(super) variable_uses: Vec<(usize, usize)>,
}

/// One imported name. `import a.b as c` is one, `from a import b, c` is two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The module: `a.b` of `import a.b` and of `from a.b import c`; empty for `from . import c`.
    pub module: String,
    /// The name taken out of it: `c` of `from a.b import c`, `*` for all; `None` for `import a.b`.
    pub name: Option<String>,
    /// The name after `as`.
    pub alias: Option<String>,
    /// The number of leading dots: 0 for an absolute import.
    pub level: u32,
    /// The form of the import.
    pub form: ImportForm,
    /// The whole statement (or call); several names share one.
    pub statement: Span,
    /// The module as written, without the dots; for a dynamic import the literal with its quotes.
    pub module_span: Span,
    /// The name with its alias: `c as d`; of `import a.b as c` all behind `import`.
    pub span: Span,
    /// Whether failing is provided for: inside `try` with a handler for `ImportError` (or wider),
    /// in such a handler, or below `contextlib.suppress`.
    pub guarded: bool,
    /// Whether only a type checker runs it: below `if TYPE_CHECKING`.
    pub type_checking: bool,
    /// The scope that it stands in: not 0 inside a function or class.
    pub scope: usize,
}

/// The forms of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportForm {
    /// `import a.b`
    Import,
    /// `from a import b`
    From,
    /// `importlib.import_module("a")`, `__import__("a")`
    Dynamic,
}

/// One string literal, or one constant part of an f-string. The parts of an implicit concatenation
/// are literals of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// The literal with its prefix and quotes; of an f-string's part only the part.
    pub span: Span,
    /// What stands between the quotes: the bytes to replace to give another value.
    pub content: Span,
    /// The text that it means; bytes that are not ASCII become `U+FFFD` in a bytes literal.
    pub value: String,
    /// The letters in front of the quote as written (`r`, `Rb`, `f`); empty for most.
    pub prefix: String,
    /// What it is.
    pub kind: LiteralKind,
    /// Whether the file spells the value as it is: no escapes, so that a piece of the value can be
    /// found in `content` and replaced there.
    pub verbatim: bool,
    /// Where the expression stands that it is (or is a part of).
    pub site: usize,
    /// The scope that it stands in.
    pub scope: usize,
}

/// The kinds of literals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiteralKind {
    /// A string by itself or a part of an implicit concatenation.
    Text,
    /// Bytes.
    Bytes,
    /// A constant part of an f-string or t-string.
    Part,
    /// The string that documents a module, class or function.
    Docstring,
}

/// An expression with a constant text or a constant beginning: a join, a concatenation, an
/// f-string, `Path(…) / "x"`, a name that stands for one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constant {
    /// The whole expression.
    pub span: Span,
    /// The text as far as it is known: all of it, or everything before the first unknown piece.
    pub value: String,
    /// Whether `value` is the whole text.
    pub complete: bool,
    /// How it is put together.
    pub kind: ConstantKind,
    /// What it is made of, in order, unknown pieces too.
    pub pieces: Vec<Piece>,
    /// Where it stands.
    pub site: usize,
    /// The scope that it stands in.
    pub scope: usize,
}

/// How a constant is put together; of nested ones the outermost way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConstantKind {
    /// A name of a variable that has one known value.
    Name,
    /// `os.path.join(…)`.
    Join,
    /// `Path(…)`, `Path(…) / "x"`, `.joinpath(…)`.
    Path,
    /// `a + b`, or literals side by side.
    Concatenation,
    /// An f-string.
    Interpolation,
    /// `"…{}".format(…)` or `"…%s" % …`.
    Format,
}

/// One piece of a constant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Where the piece stands in the expression (the name, if a variable stands for it).
    pub span: Span,
    /// What it adds to the text; `None` if that is not known.
    pub text: Option<String>,
    /// The literal that spells it, here or where the variable got its value.
    pub literal: Option<usize>,
    /// The variable that stands for it, outermost first come.
    pub variable: Option<usize>,
    /// The dotted name as imports resolve it, of an unknown piece that is one: `config.DATA`.
    pub name: Option<String>,
}

/// One use of an environment variable. Values are never kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentUse {
    /// The variable's name.
    pub name: String,
    /// The whole expression.
    pub span: Span,
    /// What the code does with it.
    pub access: EnvironmentAccess,
    /// The function or mapping, as imports resolve it: `os.environ`, `os.getenv`, `decouple.config`.
    pub reader: String,
    /// Where the expression stands.
    pub site: usize,
    /// The scope that it stands in.
    pub scope: usize,
}

/// The ways to use an environment variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnvironmentAccess {
    /// Read, and the app breaks without it.
    Required,
    /// Read; without it the result is `None`.
    Optional,
    /// Read with a default in the code.
    Defaulted,
    /// Asked for: `"X" in os.environ`; or read where its absence is an answer: compared, or the
    /// condition of an `if` that raises nothing.
    Tested,
    /// Set or removed by the code itself.
    Written,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The whole call.
    pub span: Span,
    /// The callee as imports resolve it: `pandas.read_csv` for `pd.read_csv`, `app.run_server`;
    /// `().name` for a method of something without a name.
    pub callee: String,
    /// The callee as written.
    pub callee_span: Span,
    /// The import that the callee's first name comes from.
    pub import: Option<usize>,
    /// The arguments, in source order.
    pub arguments: Vec<Argument>,
    /// Whether the call is a decorator.
    pub decorator: bool,
    /// Where it stands.
    pub site: usize,
    /// The scope that it stands in.
    pub scope: usize,
}

/// One argument of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// Which one.
    pub slot: Slot,
    /// Its value; of `name=value` only the value.
    pub span: Span,
}

/// The place of an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slot {
    /// By position, from 0.
    Position(usize),
    /// By name.
    Keyword(String),
    /// `*args` or `**kwargs`.
    Unpacked,
}

/// A dotted name, or a single name that an import binds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The name as imports resolve it: `dash.dcc.LogoutButton` for `dcc.LogoutButton`.
    pub name: String,
    /// The name as written.
    pub span: Span,
    /// Its first part as written: what an import rewrite renames.
    pub root: Span,
    /// The import that binds the first part.
    pub import: Option<usize>,
    /// The variable that the first part names, if this file binds it.
    pub variable: Option<usize>,
    /// Whether it is called.
    pub called: bool,
    /// Whether it is set or deleted rather than read.
    pub stored: bool,
    /// The scope that it stands in.
    pub scope: usize,
}

/// One place that binds a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The name: `x`; `Settings.x` for a class's or object's attribute.
    pub name: String,
    /// Where the name is written.
    pub span: Span,
    /// What binds it.
    pub kind: BindingKind,
    /// Whether it happens only under a condition, in a loop or in a handler.
    pub conditional: bool,
    /// The variable.
    pub variable: usize,
    /// The expression that it is bound to, where there is exactly one.
    pub value: Option<Span>,
    /// The call that makes the value: `app = Dash(__name__)`.
    pub call: Option<usize>,
    /// The import that binds it.
    pub import: Option<usize>,
}

/// What binds a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BindingKind {
    /// `x = …`, `x: T = …`, `x := …`
    Assignment,
    /// `x += …`
    Augmented,
    /// `a, b = …`: a target inside a tuple or list.
    Unpacking,
    /// `def x` or `async def x`
    Function,
    /// `class x`
    Class,
    /// `import x` (the list of imports says more)
    Import,
    /// A parameter of a function or lambda; its value is its default.
    Parameter,
    /// `for x in`, `with … as x`, `except … as x`, `case x`, `type x`
    Other,
    /// `del x`
    Deletion,
}

/// One name of one scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// The name, as in [`Binding::name`].
    pub name: String,
    /// The scope that owns it.
    pub scope: usize,
    /// Its bindings, in source order.
    pub bindings: Vec<usize>,
}

/// A piece of the program with names of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// What it is.
    pub kind: ScopeKind,
    /// The function's or class's name; empty for the others.
    pub name: String,
    /// The scope around it; the module's is itself.
    pub parent: usize,
    /// The code.
    pub span: Span,
}

/// The kinds of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeKind {
    /// The file, or all cells of a notebook.
    Module,
    /// `def`
    Function,
    /// `class`
    Class,
    /// `lambda`
    Lambda,
    /// A comprehension or generator.
    Comprehension,
}

/// Where an expression stands, and where that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionSite {
    /// Its role in the expression or statement around it.
    pub role: Role,
    /// The site of the expression around it; a statement's is number 0.
    pub parent: usize,
}

/// The role of an expression in what is around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// Nothing that matters here.
    Other,
    /// An argument of a call.
    Argument {
        /// The call.
        call: usize,
        /// Which argument.
        slot: Slot,
    },
    /// The object of a method call or attribute: `"…"` of `"…".format(x)`.
    Receiver {
        /// The attribute's name.
        attribute: String,
    },
    /// The value of a variable.
    Assigned {
        /// The variable.
        variable: usize,
    },
    /// The default of a parameter.
    Default {
        /// The parameter.
        variable: usize,
    },
    /// One side of a comparison.
    Compared,
    /// What a `for` loop or comprehension runs over.
    Iterated {
        /// The loop's variable, if it is a single name.
        variable: Option<usize>,
    },
    /// A key of a dictionary.
    Key,
    /// A value of a dictionary.
    Value {
        /// The key, if it is one string literal.
        key: Option<String>,
    },
    /// An element of a list, tuple or set.
    Element,
    /// One side of `+`, `/`, `%`.
    Operand {
        /// The operator as written.
        operator: char,
    },
    /// One of the values that `a or b` or `a if b else c` may give.
    Alternative,
    /// A part of an f-string, or an expression inside one.
    Interpolated,
    /// The index of a subscript.
    Subscript {
        /// The subscripted name as imports resolve it, if it is one.
        of: Option<String>,
    },
    /// What a subscript is taken of.
    Subscripted,
    /// What a function returns or yields.
    Returned,
    /// A type annotation.
    Annotation,
    /// A pattern of `match`.
    Pattern,
    /// A statement of its own.
    Statement,
}

/// One comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// From the `#` to the end of the line.
    pub span: Span,
    /// Whether nothing else stands on its line.
    pub alone: bool,
}

/// One command of `IPython`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Escape {
    /// The whole command.
    pub span: Span,
    /// The characters that start it: `%`, `%%`, `!`, `!!`, `?`.
    pub kind: String,
    /// The command behind them: `pip install x`.
    pub command: String,
}
