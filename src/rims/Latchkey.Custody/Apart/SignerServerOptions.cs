namespace Latchkey.Custody.Apart;

/// <param name="SocketPath">Where it listens, in a directory that nobody else may write into.</param>
public sealed record SignerServerOptions(string SocketPath)
{
    /// <summary>Users, by their numbers, whose processes may ask for tokens. The signer's own user and root always may.</summary>
    public IReadOnlyList<uint> ClientUsers { get; init; } = [];

    /// <summary>At most so many connections at once; one more is closed at once.</summary>
    public int ConnectionLimit { get; init; } = 16;
}
