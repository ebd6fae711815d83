using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Latchkey.Custody.Tests;

/// <summary>A SoftHSM2 token of one test run's own.</summary>
internal static partial class SoftToken
{
    /// <summary>One library per process, so one test at a time.</summary>
    public const string Collection = "token";

    public const string LibraryPath = "/usr/lib/softhsm/libsofthsm2.so";
    public const string Label = "latchkey-test";
    public const string Pin = "4711";
    private const string Utility = "/usr/bin/softhsm2-util";
    private static readonly Lazy<string> Made = new(Make);

    /// <summary>Where the token lies.</summary>
    public static string Place => Made.Value;

    public static bool IsInstalled => File.Exists(LibraryPath) && File.Exists(Utility);

    /// <summary>Opens the token, made at the first call. One library per process, so one token for all tests.</summary>
    public static Pkcs11KeyCustody Open(string pin = Pin)
    {
        Assert.SkipUnless(IsInstalled, "softhsm2 is not installed: keys in a PKCS#11 token");
        _ = Made.Value;
        return Pkcs11KeyCustody.Open(new Pkcs11Options(LibraryPath, Label), pin);
    }

    private static string Make()
    {
        string directory = Directory.CreateTempSubdirectory("latchkey-token-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(directory, recursive: true);
        string configuration = Path.Combine(directory, "softhsm2.conf");
        File.WriteAllText(configuration, $"directories.tokendir = {directory}\nobjectstore.backend = file\nlog.level = ERROR\n");

        // The library reads the process's own environment, which .NET's is a copy of.
        Assert.Equal(0, SetEnvironment("SOFTHSM2_CONF", configuration, 1));
        var start = new ProcessStartInfo(Utility, ["--init-token", "--free", "--label", Label, "--pin", Pin, "--so-pin", "123456"])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        };
        start.Environment["SOFTHSM2_CONF"] = configuration;
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return directory;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
