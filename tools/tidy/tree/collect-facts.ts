import * as ast from "typescript/unstable/ast";
import * as is from "typescript/unstable/ast/is";
import type { SourceExport, SourceFacts, SourceFunction, SourceImport } from "./source-facts.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** Walks one parsed file and notes what the rules ask for. */
export function collectFacts(file: ast.SourceFile): SourceFacts {
  const facts: Mutable<SourceFacts> = {
    imports: [],
    exports: [],
    functions: [],
    defaultExports: [],
    environmentReads: [],
    consoleUses: [],
  };
  const starts = ast.computeLineStarts(file.text);
  const lineOf = (offset: number): number => starts.findLastIndex((start) => start <= offset) + 1;
  const startLine = (node: ast.Node): number => lineOf(node.getStart(file));
  for (const statement of file.statements) {
    facts.exports.push(...exportsOf(statement, startLine));
    if (isDefaultExport(statement)) facts.defaultExports.push(startLine(statement));
  }
  const visit = (node: ast.Node): void => {
    const target = importOf(node);
    if (target !== undefined) facts.imports.push({ ...target, line: startLine(node) });
    if (readsEnvironment(node)) facts.environmentReads.push(startLine(node));
    if (isNamed(node, "console") && isObjectOfAccess(node)) facts.consoleUses.push(startLine(node));
    const measured = measure(node, lineOf, file);
    if (measured !== undefined) facts.functions.push(measured);
    node.forEachChild(visit);
  };
  visit(file);
  return facts;
}

function importOf(node: ast.Node): Omit<SourceImport, "line"> | undefined {
  if (is.isImportDeclaration(node) || is.isExportDeclaration(node)) return literal("import", node.moduleSpecifier);
  if (is.isImportTypeNode(node)) {
    return is.isLiteralTypeNode(node.argument) ? literal("import", node.argument.literal) : undefined;
  }
  if (is.isCallExpression(node)) {
    const isDynamic = node.expression.kind === ast.SyntaxKind.ImportKeyword || isNamed(node.expression, "require");
    return isDynamic ? literal("dynamic", node.arguments[0]) : undefined;
  }
  if (is.isNewExpression(node) && isNamed(node.expression, "URL")) {
    const base = node.arguments?.[1];
    const isOwnFile = base?.getText().startsWith("import.meta");
    return isOwnFile ? literal("url", node.arguments?.[0]) : undefined;
  }
  return undefined;
}

function literal(kind: SourceImport["kind"], node: ast.Node | undefined): Omit<SourceImport, "line"> | undefined {
  if (node === undefined) return undefined;
  const isText = is.isStringLiteral(node) || is.isNoSubstitutionTemplateLiteral(node);
  return isText ? { kind, specifier: node.text } : undefined;
}

function exportsOf(statement: ast.Statement, startLine: (node: ast.Node) => number): readonly SourceExport[] {
  if (!hasModifier(statement, ast.SyntaxKind.ExportKeyword)) return [];
  const hasDoc = isDocumented(statement);
  if (is.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => ({
      name: name.getText(),
      line: startLine(statement),
      hasDoc,
    }));
  }
  const name = "name" in statement ? (statement.name as ast.Node | undefined) : undefined;
  return [{ name: name?.getText() ?? "(nameless)", line: startLine(statement), hasDoc }];
}

/** By a comment of its own; an interface also by its members'; a type that is read off a constant, by the constant. */
function isDocumented(statement: ast.Statement): boolean {
  if ((statement.jsDoc?.length ?? 0) > 0) return true;
  if (is.isInterfaceDeclaration(statement)) return statement.members.some((member) => (member.jsDoc?.length ?? 0) > 0);
  return is.isTypeAliasDeclaration(statement) && /\btypeof\b/.test(statement.type.getText());
}

function isDefaultExport(statement: ast.Statement): boolean {
  if (is.isExportAssignment(statement) || hasModifier(statement, ast.SyntaxKind.DefaultKeyword)) return true;
  if (!is.isExportDeclaration(statement) || statement.exportClause === undefined) return false;
  return (
    is.isNamedExports(statement.exportClause) &&
    statement.exportClause.elements.some(({ name }) => name.getText() === "default")
  );
}

function hasModifier(node: ast.Node, kind: ast.SyntaxKind): boolean {
  const modifiers = "modifiers" in node ? (node.modifiers as readonly ast.Node[] | undefined) : undefined;
  return modifiers?.some((modifier) => modifier.kind === kind) ?? false;
}

function readsEnvironment(node: ast.Node): boolean {
  if (is.isPropertyAccessExpression(node) && node.name.text === "env") {
    return ["process", "Bun", "import.meta"].includes(node.expression.getText());
  }
  if (is.isImportSpecifier(node) && (node.propertyName ?? node.name).getText() === "env") {
    return /["'](?:node:)?process["']/.test(node.parent.parent.parent.getText());
  }
  if (is.isBindingElement(node) && (node.propertyName ?? node.name)?.getText() === "env") {
    const declaration = node.parent.parent;
    return (
      is.isVariableDeclaration(declaration) && ["process", "Bun"].includes(declaration.initializer?.getText() ?? "")
    );
  }
  return false;
}

function isNamed(node: ast.Node, name: string): boolean {
  return is.isIdentifier(node) && node.text === name;
}

function isObjectOfAccess(node: ast.Node): boolean {
  const { parent } = node;
  if (is.isPropertyAccessExpression(parent) || is.isElementAccessExpression(parent)) return parent.expression === node;
  return false;
}

function measure(node: ast.Node, lineOf: (offset: number) => number, file: ast.SourceFile): SourceFunction | undefined {
  const isFunction =
    is.isFunctionDeclaration(node) ||
    is.isFunctionExpression(node) ||
    is.isArrowFunction(node) ||
    is.isMethodDeclaration(node) ||
    is.isConstructorDeclaration(node);
  if (!isFunction) return undefined;
  const line = lineOf(node.getStart(file));
  return { name: nameOf(node), line, lines: lineOf(node.end) - line + 1, isSuite: isHandedToDescribe(node) };
}

function nameOf(node: ast.Node): string {
  if ("name" in node && node.name !== undefined) return (node.name as ast.Node).getText();
  if (is.isConstructorDeclaration(node)) return "constructor";
  const { parent } = node;
  return is.isVariableDeclaration(parent) || is.isPropertyAssignment(parent) ? parent.name.getText() : "(nameless)";
}

function isHandedToDescribe(node: ast.Node): boolean {
  const { parent } = node;
  return is.isCallExpression(parent) && /^describe\b/.test(parent.expression.getText());
}
