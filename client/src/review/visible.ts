/** Text of a sender with what hides or turns letters made visible: \\u202e and the like. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu, (letter) => {
    return `\\u${letter.codePointAt(0)!.toString(16).padStart(4, "0")}`;
  });
}
