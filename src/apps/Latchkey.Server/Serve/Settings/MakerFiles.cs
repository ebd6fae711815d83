using System.Text;
using Latchkey.Vending.Makers;
using Latchkey.Vending.Makers.Calin;

namespace Latchkey.Server.Serve.Settings;

/// <summary>Opens the token services of makers that a seller turned on. Their passwords lie in files of their own.</summary>
internal static class MakerFiles
{
    private const long LargestFile = 4 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>None where a file is wrong; then it is among the faults.</summary>
    public static MakerServices Open(string directory, IReadOnlyList<MakerSettings> makers, List<SettingsFault> faults)
    {
        List<KeyValuePair<string, IMakerTokenService>> services = [];
        foreach (MakerSettings maker in makers)
        {
            if (Secrets(directory, maker.Secrets, faults) is not { } secrets) continue;
#pragma warning disable CA2000 // the services are the platform's to close
            services.Add(new(maker.Make, new CalinTokenService(maker.ToOptions(secrets.Password, secrets.VendPassword))));
#pragma warning restore CA2000
        }

        return services.Count == 0 ? MakerServices.None : new MakerServices(services);
    }

    /// <summary>The first line is the password, the second one, where there is one, the password for energy.</summary>
    private static (MakerSecret Password, MakerSecret? VendPassword)? Secrets(string directory, string file, List<SettingsFault> faults)
    {
        string path = Path.Combine(directory, file);
        string? wrong = !File.Exists(path) ? "there is no such file in the data directory; its first line is the password at the maker's service, a second line the vending password where there is one"
            : new FileInfo(path).Length > LargestFile ? "a file of passwords has one line or two"
            : !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None ? "others may read it; set its mode to 600"
            : null;
        string[] lines = wrong is null ? [.. File.ReadAllLines(path, Encoding.UTF8).Where(l => l.Length > 0)] : [];
        MakerSecret? vend = null;
        if (wrong is null && lines.Length is 1 or 2 && MakerSecret.TryCreate(lines[0], out MakerSecret? password) && (lines.Length == 1 || MakerSecret.TryCreate(lines[1], out vend)))
            return (password!, vend);
        faults.Add(new SettingsFault(file, 1, string.Empty, wrong ?? $"one line or two are expected, each a password of 1 to {MakerSecret.MaxLength} characters"));
        return null;
    }
}
