// What goes between the server and a passkey: the server speaks base64url, the
// browser bytes.

/** What a passkey is asked for. */
export type Wanted = "sign_in" | "proof" | "new";
/** What the server answers to that; the token goes back with the answer. */
export interface Asked { options: Options; token: string }

interface Descriptor { id: string; type: "public-key"; transports?: AuthenticatorTransport[] }
/** Options as the server writes them, of a new passkey or of one to show. */
export interface Options {
  challenge: string;
  user?: { id: string; name: string; displayName: string };
  allowCredentials?: Descriptor[];
  excludeCredentials?: Descriptor[];
  [more: string]: unknown;
}

/** Whether this browser knows passkeys. */
export const known = (): boolean => typeof PublicKeyCredential === "function" && navigator.credentials !== undefined;

export function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
}

export function text(data: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(data))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The options as the browser takes them. */
export function forBrowser(options: Options): Record<string, unknown> {
  const named = (list: Descriptor[] | undefined) => list?.map((one) => ({ ...one, id: bytes(one.id) }));
  return {
    ...options, challenge: bytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
    ...(options.allowCredentials && { allowCredentials: named(options.allowCredentials) }),
    ...(options.excludeCredentials && { excludeCredentials: named(options.excludeCredentials) }),
  };
}

/** Asks the passkey, and gives its answer as the server takes it. Fails when nobody answers. */
export async function answer(wanted: Wanted, options: Options): Promise<unknown> {
  const publicKey = forBrowser(options) as unknown;
  const given = wanted === "new"
    ? await navigator.credentials.create({ publicKey: publicKey as PublicKeyCredentialCreationOptions })
    : await navigator.credentials.get({ publicKey: publicKey as PublicKeyCredentialRequestOptions });
  if (!(given instanceof PublicKeyCredential)) throw new Error("no passkey answered");
  return forServer(given);
}

/** What the passkey answered, as the server takes it. */
export function forServer(given: Pick<PublicKeyCredential, "id" | "rawId" | "type" | "response" | "authenticatorAttachment">): unknown {
  const { response } = given;
  const said: Record<string, unknown> = { clientDataJSON: text(response.clientDataJSON) };
  if ("attestationObject" in response) {
    const made = response as AuthenticatorAttestationResponse;
    said.attestationObject = text(made.attestationObject);
    said.transports = made.getTransports();
  } else {
    const shown = response as AuthenticatorAssertionResponse;
    said.authenticatorData = text(shown.authenticatorData);
    said.signature = text(shown.signature);
    if (shown.userHandle) said.userHandle = text(shown.userHandle);
  }
  return { id: given.id, rawId: text(given.rawId), type: given.type, authenticatorAttachment: given.authenticatorAttachment ?? undefined, clientExtensionResults: {}, response: said };
}
