/** Small string values that outlive the app's process. */
export interface KeyValueStorage {
  /** Returns the stored value, or `null` when there is none or the store cannot be read. */
  get(key: string): string | null;
  /** Stores a value; a full or forbidden store is not an error, the value is then forgotten at exit. */
  set(key: string, value: string): void;
}
