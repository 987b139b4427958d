// Which pieces of a secret give it away, and which are ordinary text that happens to stand in it: `postgres`, `20261127`.

/** How many characters of a secret are the least that is looked for. */
export const pieceLength = 8;

/** The pairs of letters that make up most English words and names in programs, by how often they occur. */
const commonPairs = new Set(
  (
    "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea " +
    "ra ce li ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un lo wa ge ie " +
    "wh ee wi em ad ol rt po we na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi ci vi pl ig tu ev ld ry mp fe bl ab " +
    "gh ty op wo sa ay ex ke fr oo av ag if ap gr od bo sp rd do uc bu ei ov by rm ep tt oc fa ef cu rn sc gi da yo cr cl du " +
    "qu ue ff ba ey va um pp up go ru ug ck br ak ki ey db tp ok lt sk"
  ).split(" "),
);

/**
 * Whether a secret looks drawn at random. Then each of its pieces gives it away; of a phrase of words only longer ones do.
 */
export function isRandom(secret: string): boolean {
  if (/^(?=.*\d)(?=.*[a-f])[0-9a-f-]{16,}$/i.test(secret)) return true;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9\s]/].filter((kind) => kind.test(secret)).length;
  // Text repeats its letters; what is drawn from many kinds of characters does so rarely.
  if (kinds >= 3 && new Set(secret).size >= Math.min(20, 0.6 * secret.length)) return true;
  return surprises(secret) >= 0.3 * (secret.length - 1);
}

/** For each piece of a secret, by where it begins, whether it gives the secret away. */
export function tellingPieces(secret: string): boolean[] {
  const isOfRandom = isRandom(secret);
  const count = Math.max(1, secret.length - pieceLength + 1);
  return Array.from({ length: count }, (_, at) => {
    const piece = secret.slice(at, at + pieceLength);
    if (isPlain(piece)) return false;
    return isOfRandom ? /\d/.test(piece) || surprises(piece) > 0 : surprises(piece) > 3;
  });
}

/** `aaaaaaaa`, `12345678`, `20261127`. */
function isPlain(piece: string): boolean {
  if (new Set(piece).size < 4) return true;
  const steps = new Set(
    [...piece].slice(1).map((character, at) => character.charCodeAt(0) - piece.charCodeAt(at)),
  );
  return steps.size === 1 || /(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])/.test(piece);
}

/** How many pairs of neighbours would be rare in a text: `xq`, `a7`, `$f`. A capital that begins a word is not. */
function surprises(text: string): number {
  let count = 0;
  for (let at = 1; at < text.length; at++) {
    const pair = text.slice(at - 1, at + 1);
    if (/[a-z]\d|\d[a-z]|[!#$%^&*+?<>|~]/i.test(pair)) count += 1;
    else if (/^(?:[A-Z][A-Za-z]|[a-z]{2})$/.test(pair) && !commonPairs.has(pair.toLowerCase())) count += 1;
  }
  return count;
}
