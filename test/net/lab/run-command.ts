import { spawn } from 'node:child_process';

/** Runs a program to its end. @returns its output. @throws Error with what it complained of. */
export function runCommand(command: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'pipe' });
    const output: string[] = [];
    const complaints: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output.join(''));
      else reject(new Error(failureText([command, ...args], code ?? signal, complaints.join(''))));
    });
    // A program that ends early does not read it all; its exit code tells enough.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

function failureText(words: readonly string[], how: unknown, complaint: string): string {
  return `"${words.join(' ')}" failed (${String(how)}): ${complaint.trim()}`;
}
