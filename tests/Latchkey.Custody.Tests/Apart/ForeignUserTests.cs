using System.Diagnostics;
using Latchkey.Custody.Apart;
using Latchkey.Custody.Tests.Contract;
using Latchkey.Storage.Tests.Vending;
using Latchkey.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latchkey.Custody.Tests.Apart;

/// <summary>Somebody else's process at the socket: the kernel tells who it is. Needs root, who alone can start a process as another user.</summary>
public sealed class ForeignUserTests
{
    private const string SetPrivileges = "/usr/bin/setpriv", Perl = "/usr/bin/perl";
    private const string Stranger = "4242";

    // Says hello in the signer's own bytes and prints how many bytes came back.
    private const string Hello =
        "use IO::Socket::UNIX; my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die 'no way in'; syswrite($s, pack('H*', '00000006030100000001')); my $n = sysread($s, my $b, 64); print $n // 0;";

    [Fact]
    public async Task Ask_AsAnotherUser_IsTurnedAwayUnlessHeWasNamed()
    {
        bool canTry = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && File.Exists(SetPrivileges) && File.Exists(Perl);
        Assert.SkipUnless(canTry, "needs root, setpriv and perl: a process of another user at the signer's socket");
        if (!OperatingSystem.IsLinux()) return;
        using Shop shop = await Shop.OpenAsync();
        using var rig = (RemoteRig)await new RemoteRig(shop).StartAsync();
        using var place = new TemporaryDirectory();
        Open(place.Path);
        Assert.Equal("0", await AskAsync(rig, place.File("closed"), []));
        Assert.NotEqual("0", await AskAsync(rig, place.File("open"), [uint.Parse(Stranger)]));
    }

    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private static async Task<string> AskAsync(RemoteRig rig, string path, uint[] users)
    {
        await using SignerServer server = SignerServer.Start(rig.Room, new SignerServerOptions(path) { ClientUsers = users }, TimeProvider.System, NullLogger.Instance);

        // As wide open as an operator could leave it by mistake.
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
        var start = new ProcessStartInfo(SetPrivileges, ["--reuid", Stranger, "--regid", Stranger, "--clear-groups", Perl, "-e", Hello, path]) { RedirectStandardOutput = true, UseShellExecute = false };
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private static void Open(string directory) => File.SetUnixFileMode(
        directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
}
