import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { planOnce, Statements } from "./statements.ts";

function openTable(): Database {
  const db = new Database(":memory:", { strict: true });
  db.run("CREATE TABLE things (no INTEGER PRIMARY KEY, word TEXT, size INTEGER, body TEXT) STRICT");
  db.run("CREATE INDEX things_by_word ON things (word)");
  db.run(`INSERT INTO things VALUES (1, 'a', 1, '{"x":1}'), (2, '7', 7, '{}'), (3, NULL, NULL, '{}')`);
  return db;
}

test("a text that is planned once finds the same rows, whatever the type of its values", () => {
  const db = openTable();
  const texts = [
    "SELECT no FROM things WHERE word = $v",
    "SELECT no FROM things WHERE word IS $v",
    "SELECT no FROM things WHERE size = $v",
    "SELECT no FROM things WHERE size BETWEEN $v AND $v",
    "SELECT typeof($v) AS no",
    "SELECT coalesce($v, 'none') AS no",
  ];
  for (const text of texts) {
    for (const v of ["a", "7", 7, 7.5, "", null]) {
      expect(db.query(planOnce(text)).all({ v })).toEqual(db.query(text).all({ v }));
    }
  }
  db.close();
});

test("a path of JSON in a text is no value of it", () => {
  const db = openTable();
  const sql = new Statements(db);
  expect(sql.get("SELECT json_set(body, '$.x', $v) AS body FROM things WHERE no = $no", { v: 2, no: 1 })).toEqual({
    body: '{"x":2}',
  });
  sql.finalize();
  db.close();
});
