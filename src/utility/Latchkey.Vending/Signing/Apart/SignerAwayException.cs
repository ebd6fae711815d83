namespace Latchkey.Vending.Apart;

/// <summary>A signer in another process did not answer to what must not stay unknown, such as the stopping of a key.</summary>
public sealed class SignerAwayException(string message) : Exception(message);
