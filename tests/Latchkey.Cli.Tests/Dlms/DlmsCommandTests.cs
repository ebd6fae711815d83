using System.CommandLine;
using System.Net;
using System.Text.Json;
using Latchkey.Dlms.Bench;
using Latchkey.Dlms.Link.Hdlc;
using Latchkey.Dlms.Transport.Serving;
using Latchkey.Testing;

namespace Latchkey.Cli.Tests.Dlms;

/// <summary>The commands against a meter on the loopback. One at a time, because they write to the process's console.</summary>
[Collection("console")]
public sealed class DlmsCommandTests : IAsyncLifetime
{
    private const string Keys = """{"guek":"000102030405060708090a0b0c0d0e0f","gak":"d0d1d2d3d4d5d6d7d8d9dadbdcdddedf","password":"12345678","serverTitle":"4C41544300000001"}""";
    private const string Token = "48643202781314010686";
    private readonly TemporaryDirectory _directory = new();
    private readonly SampleMeter _meter = new(TimeProvider.System);
    private readonly DlmsHost _host;
    private readonly int _tcp;
    private readonly int _udp;
    private readonly int _hdlc;

    public DlmsCommandTests()
    {
        _host = new DlmsHost(_meter.Server, TimeProvider.System);
        var loopback = new IPEndPoint(IPAddress.Loopback, 0);
        (_tcp, _udp, _hdlc) = (_host.ListenTcp(loopback).Port, _host.ListenUdp(loopback).Port, _host.ListenHdlc(loopback, HdlcAddress.Server(1)).Port);
        File.WriteAllText(KeyFile, Keys);
    }

    private string KeyFile => Path.Combine(_directory.Path, "keys.json");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("--udp")]
    [InlineData("--hdlc")]
    public void Read_OverEveryLink_GivesTheScaledRegister(string link)
    {
        int port = link switch { "--udp" => _udp, "--hdlc" => _hdlc, _ => _tcp };
        Run run = Invoke($"read 127.0.0.1:{port} 1.0.1.8.0.255 --client 32 --password 12345678 {link} --json");
        Assert.True(run.ExitCode == 0, run.Error);
        JsonElement value = run.Json.GetProperty("values")[0];
        Assert.Equal((123_456, "Wh"), (value.GetProperty("value").GetInt64(), value.GetProperty("unit").GetString()));
    }

    [Theory]
    [InlineData("glo")]
    [InlineData("ded")]
    [InlineData("general-glo")]
    [InlineData("general-ded")]
    public void Act_ATokenThroughEveryWrapping_IsCreditedOnce(string protect)
    {
        string act = $"act 127.0.0.1:{_tcp} 115/0.0.19.40.0.255/1 token:{Token} --client 1 --keys {KeyFile} --protect {protect}";
        Assert.Equal(0, Invoke(act).ExitCode);
        Assert.Equal(0, Invoke(act).ExitCode);
        Assert.Equal(1, _meter.Credits);
    }

    [Fact]
    public void Counters_LostByTheClient_AreCaughtUp()
    {
        string read = $"read 127.0.0.1:{_tcp} 3/1.0.1.8.0.255/2 --client 1 --keys {KeyFile}";
        Assert.Equal(0, Invoke(read).ExitCode);
        File.Delete(KeyFile + ".counters");
        Run run = Invoke(read);
        Assert.True(run.ExitCode == 0, run.Error);
    }

    [Fact]
    public void Counters_HeldByAnotherProcess_StopTheCommand()
    {
        using var held = new FileStream(KeyFile + ".counters.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        Run run = Invoke($"read 127.0.0.1:{_tcp} 3/1.0.1.8.0.255/2 --client 1 --keys {KeyFile}");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("counters", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Profile_ByNumber_GivesItsRows()
    {
        Run run = Invoke($"profile 127.0.0.1:{_tcp} 1.0.99.1.0.255 --entries 2-5 --client 32 --password 12345678 --json");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal((4, 4), (run.Json.GetProperty("rows").GetArrayLength(), run.Json.GetProperty("columns").GetArrayLength()));
        Assert.Equal(100_037, run.Json.GetProperty("rows")[0][2].GetInt64());
    }

    [Fact]
    public void Profile_ByTime_GivesItsRows()
    {
        Run run = Invoke($"profile 127.0.0.1:{_tcp} 1.0.99.1.0.255 --from 2026-01-01T06:00:00+08:00 --to 2026-01-01T07:00:00+08:00 --client 32 --password 12345678 --json");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(5, run.Json.GetProperty("rows").GetArrayLength());
    }

    [Fact]
    public void List_ShowsOnlyWhatTheClientMaySee()
    {
        JsonElement open = Invoke($"list 127.0.0.1:{_tcp} --json").Json.GetProperty("objects");
        JsonElement all = Invoke($"list 127.0.0.1:{_tcp} --client 1 --keys {KeyFile} --json").Json.GetProperty("objects");
        // The association itself is an object of its list.
        Assert.Equal((4, 10), (open.GetArrayLength(), all.GetArrayLength()));
    }

    [Fact]
    public void Write_WithoutTheRight_SaysSo()
    {
        Run run = Invoke($"write 127.0.0.1:{_tcp} 1/0.0.96.1.0.255/2 octets:4142 --client 32 --password 12345678");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("read write denied (3)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_WithTheRight_Writes()
    {
        Assert.Equal(0, Invoke($"write 127.0.0.1:{_tcp} 1/0.0.96.1.0.255/2 octets:4142 --client 1 --keys {KeyFile}").ExitCode);
        Assert.Equal("AB"u8.ToArray(), _meter.SerialNumber);
    }

    [Theory]
    [InlineData("--client 32 --password 00000000", "authentication failure (13)")]
    [InlineData("--client 1 --auth lls --password 1", "context not supported (2)")]
    [InlineData("--client 77 --auth none", "no reason given (1)")]
    [InlineData("--client 1", "needs a key file")]
    [InlineData("--auth hls9", "--auth must be one of")]
    [InlineData("--tolerate nonsense", "--tolerate takes")]
    public void Read_ThatIsRefused_SaysWhyInOneLine(string options, string expected)
    {
        Run run = Invoke($"read 127.0.0.1:{_tcp} 1/0.0.42.0.0.255/2 {options}");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Trace_ShowsTheLayers_AndNeitherTokenNorPassword()
    {
        Run run = Invoke($"act 127.0.0.1:{_tcp} 115/0.0.19.40.0.255/1 token:{Token} --client 1 --keys {KeyFile} --trace");
        Assert.Contains("ActionRequestNormal", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, run.Error, StringComparison.Ordinal);
        run = Invoke($"read 127.0.0.1:{_tcp} 1/0.0.42.0.0.255/2 --client 32 --password 12345678 --trace");
        Assert.DoesNotContain("12345678", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("3132333435363738", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_ACipheredRequest_IsOpenedAndItsTokenRedacted()
    {
        const string Plain = "C30101007300001328 00FF0101090A48643202781314010686";
        Run run = Invoke($"decode {Plain.Replace(" ", "", StringComparison.Ordinal)} --json");
        Assert.Equal((0, "redacted"), (run.ExitCode, run.Json.GetProperty("data").GetString()));
        Assert.DoesNotContain("48643202", run.Output, StringComparison.Ordinal);
        Assert.Equal(1, Invoke("decode xyz").ExitCode);
    }

    [Fact]
    public void ALineThatIsRefused_IsOneClearLine()
    {
        Run run = Invoke("read 127.0.0.1:1 1/0.0.42.0.0.255/2");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("latchkey: the line to 127.0.0.1:1 failed", run.Error, StringComparison.Ordinal);
    }

    private static Run Invoke(string arguments)
    {
        (TextWriter output, TextWriter error) = (Console.Out, Console.Error);
        using var written = new StringWriter();
        using var failed = new StringWriter();
        Console.SetOut(written);
        Console.SetError(failed);
        try
        {
            int code = LatchkeyCommand.Create().Parse("dlms " + arguments).Invoke();
            return new Run(code, written.ToString(), failed.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }

    private sealed record Run(int ExitCode, string Output, string Error)
    {
        public JsonElement Json => JsonDocument.Parse(Output).RootElement;
    }
}
