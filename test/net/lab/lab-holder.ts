/*
 * A program that builds a lab, tells its name and waits to be killed: for the test that kills it.
 */
import { Lab } from './lab';

void Lab.up().then(({ name }) => {
  console.log(name);
  setInterval(() => undefined, 60_000);
});
