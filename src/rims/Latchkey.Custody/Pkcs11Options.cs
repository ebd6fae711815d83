namespace Latchkey.Custody;

/// <summary>Which token holds the keys.</summary>
/// <param name="LibraryPath">The PKCS#11 library of its maker.</param>
/// <param name="TokenLabel">The token's label, as it was initialised.</param>
public sealed record Pkcs11Options(string LibraryPath, string TokenLabel);

/// <summary>The token or its library could not do what was asked; the world failed, not the caller.</summary>
public sealed class CustodyException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Trying again does not help before people have changed something, and with a wrong PIN it locks the token.</summary>
    public bool IsForPeople { get; init; }
}
