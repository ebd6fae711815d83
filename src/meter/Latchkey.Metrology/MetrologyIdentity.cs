using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;

namespace Latchkey.Metrology;

/// <summary>What the legally relevant software says it is: its version and the hash of its own loaded image.</summary>
/// <remarks>The hash is computed from the bytes that run, never written down; it changes if and only if they change. WELMEC 7.2, P2 and S1.</remarks>
public static class MetrologyIdentity
{
    /// <summary>The version of the legally relevant software, MAJOR.MINOR.PATCH.</summary>
    public static string Version { get; } = typeof(MetrologyIdentity).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>SHA-256 of the image, 64 lower-case hexadecimal digits; computed on every call.</summary>
    public static string Hash => Convert.ToHexStringLower(SHA256.HashData(Image()));

    /// <summary>CRC-32C of the image, for the display: eight hexadecimal digits.</summary>
    public static string Checksum => Crc32C.Of(Image()).ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>The image of this assembly; where it is linked into one file, that file is the image.</summary>
    internal static byte[] Image()
    {
        string location = typeof(MetrologyIdentity).Assembly.Location;
        return File.ReadAllBytes(location.Length > 0 ? location : Environment.ProcessPath!);
    }
}
