namespace Latchkey.Server.Portal;

/// <summary>An address on this server to come back to; anything that could lead elsewhere becomes the first page.</summary>
public static class LocalAddress
{
    public const string Home = "/";

    public static string Of(string? address) =>
        address is { Length: > 0 and < 2000 } && address[0] == '/' && !address.StartsWith("//", StringComparison.Ordinal)
        && !address.StartsWith("/\\", StringComparison.Ordinal) && !address.Any(char.IsControl) ? address : Home;
}
