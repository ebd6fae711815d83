namespace Latchkey.Cli.Keys;

/// <summary>A PIN from a file that nobody but its owner may read, or from the environment of this process. It is never shown.</summary>
internal static class PinFile
{
    private const int LongestPin = 256;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Null and the PIN, or what is wrong in words.</summary>
    public static string? Read(string? path, string variable, out string pin) => Read(path, variable, "PIN", "--pin-file", out pin);

    /// <inheritdoc cref="Read(string?, string, out string)"/>
    /// <param name="what">What it is, in words.</param>
    /// <param name="option">Where the file is named.</param>
    public static string? Read(string? path, string variable, string what, string option, out string pin)
    {
        pin = string.Empty;
        if (path is null)
        {
            pin = Environment.GetEnvironmentVariable(variable) ?? string.Empty;
            return pin.Length is > 0 and <= LongestPin ? null : $"the {what} is missing: name a file with {option} or set {variable}";
        }

        try
        {
            if (new FileInfo(path).Length > LongestPin) return $"{path} is too long for a {what}";
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None) return $"{path} may be read by others; set its mode to 600";
            pin = File.ReadAllText(path).Trim();
            return pin.Length > 0 ? null : $"{path} is empty";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{path} cannot be read: {e.Message}";
        }
    }
}
