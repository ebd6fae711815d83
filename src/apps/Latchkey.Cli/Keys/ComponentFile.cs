using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Cli.Keys;

/// <summary>One component of a key as hexadecimal text in a file that nobody but its owner may read.</summary>
internal static class ComponentFile
{
    private const int LongestFile = 256;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void Write(string path, ReadOnlySpan<byte> component)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        byte[] text = new byte[component.Length * 2];
        Encoding.ASCII.GetBytes(Convert.ToHexString(component), text);
        using FileStream file = new(path, options);
        file.Write(text);
        file.Flush(flushToDisk: true);
        CryptographicOperations.ZeroMemory(text);
    }

    /// <summary>Null and the bytes, or what is wrong with the file in words.</summary>
    public static string? Read(string path, out byte[] component)
    {
        component = [];
        try
        {
            if (new FileInfo(path).Length > LongestFile) return $"{path} is too long for a component";
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None)
                return $"{path} may be read by others; set its mode to 600";
            component = Convert.FromHexString(File.ReadAllText(path).Trim());
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return $"{path} is not a component: {e.Message}";
        }
    }
}
