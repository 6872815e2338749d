export interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  /** Room for several lines. */
  readonly multiline?: boolean;
  /** What is wrong with the value; null when nothing is. */
  readonly error?: string | null;
  readonly hint?: string;
}
