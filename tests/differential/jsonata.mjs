// Evaluates each line's expression with the reference implementation of JSONata, and says what it is.
import { createRequire } from "node:module";
import readline from "node:readline";

const jsonata = createRequire(process.argv[2])("jsonata");

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { expression, input } = JSON.parse(line);
  let verdict;
  try {
    const value = await jsonata(expression).evaluate(input);
    verdict = value === undefined || typeof value === "function" ? {} : { value };
    if (verdict.value !== undefined) JSON.stringify(verdict);
  } catch (error) {
    verdict = { error: error.code ?? "none" };
  }
  console.log(JSON.stringify(verdict));
}
