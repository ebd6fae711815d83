using System.Diagnostics;
using System.Security.Cryptography;
using Latchkey.Testing;
using Latchkey.Vending;

namespace Latchkey.Cli.Tests.Serve;

/// <summary>A SoftHSM2 token of one test's own, for processes that are told of it by their environment.</summary>
internal sealed class SoftHsm : IDisposable
{
    public const string Pin = "7391846205";
    private const string Library = "/usr/lib/softhsm/libsofthsm2.so", Utility = "/usr/bin/softhsm2-util", Label = "latchkey";
    private readonly TemporaryDirectory _place = new();

    private SoftHsm()
    {
    }

    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string> { ["SOFTHSM2_CONF"] = _place.File("softhsm2.conf") };

    public string PinFile => _place.File("pin");

    /// <summary>What the commands are told.</summary>
    public string[] Options => ["--custody", "pkcs11", "--pkcs11-library", Library, "--pkcs11-token", Label, "--pin-file", PinFile];

    /// <summary>What the settings say.</summary>
    public string Settings => $$"""{ "kind": "in-process", "custody": "pkcs11", "library": "{{Library}}", "token": "{{Label}}", "pinFile": "{{PinFile}}" }""";

    /// <param name="pin">What the PIN file says, which may be wrong.</param>
    public static SoftHsm Make(string pin = Pin)
    {
        Assert.SkipUnless(File.Exists(Library) && File.Exists(Utility), "softhsm2 is not installed: a seller with its keys in a PKCS#11 token");
        var made = new SoftHsm();
        string tokens = Directory.CreateDirectory(made._place.File("tokens")).FullName;
        File.WriteAllText(made._place.File("softhsm2.conf"), $"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n");
        File.WriteAllText(made.PinFile, pin + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(made.PinFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var start = new ProcessStartInfo(Utility, ["--init-token", "--free", "--label", Label, "--pin", Pin, "--so-pin", "123456"]) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach ((string name, string value) in made.Environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return made;
    }

    /// <summary>A ceremony: three custodians, two who answer, the check value known beforehand.</summary>
    public async Task ImportAsync(SellerStory story, string directory, string[] custody)
    {
        byte[] key = new byte[20];
        List<string> files = [];
        for (int i = 0; i < 3; i++)
        {
            byte[] component = RandomNumberGenerator.GetBytes(key.Length);
            for (int j = 0; j < key.Length; j++) key[j] ^= component[j];
            string file = _place.File("component-" + i);
            await File.WriteAllTextAsync(file, Convert.ToHexString(component));
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            files.Add(file);
        }

        await story.DoAsync(
        [
            "keys", "import", directory, "--component", .. files, "--check-value", KeyCeremony.CheckValueOf(key)!, "--sgc", "000001", "--krn", "1", "--base", "2014", "--active-from", "2020-01-01",
            "--limit", "100000000", "--first", story.People[0], "--second", story.People[1], .. custody,
        ]);
    }

    public void Dispose() => _place.Dispose();
}
