using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Cli.Sts;
using Latchkey.Dlms;
using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Link.Hdlc;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Transport.Links;
using Latchkey.Dlms.Transport.Serving;

namespace Latchkey.Cli.Dlms;

/// <summary>The options that every command which talks to a meter takes: where it is, who we are, and with which keys.</summary>
internal sealed class DlmsConnectOptions
{
    private const ushort Public = 16;
    private static readonly string[] Mechanisms = ["none", "lls", "hls2", "hls3", "hls4", "hls5", "hls6", "hls7"];
    private readonly Argument<string> _address = new("address") { Description = "The meter: HOST or HOST:PORT (4059)." };
    private readonly Option<ushort> _client = new("--client") { Description = "Client SAP: 16 public, 32 reading, 1 management.", DefaultValueFactory = _ => Public };
    private readonly Option<ushort> _server = new("--server") { Description = "Logical device.", DefaultValueFactory = _ => 1 };
    private readonly Option<int?> _physical = new("--physical") { Description = "With --hdlc: the lower (physical) address, where the meter wants one." };
    private readonly Option<string?> _auth = new("--auth") { Description = "none, lls, hls2 ... hls7; by default none for client 16, hls5 for client 1, lls for others." };
    private readonly Option<string?> _password = new("--password") { Description = "The password of lls, as text; better in the key file, where no process list shows it." };
    private readonly Option<string?> _keys = new("--keys") { Description = "Key file: JSON with guek, gak, password, secret, clientTitle, ... in hexadecimal. Counters are kept beside it." };
    private readonly Option<string> _protect = new("--protect") { Description = "With hls5 and above: glo, ded, general-glo, general-ded.", DefaultValueFactory = _ => "glo" };
    private readonly Option<bool> _hdlc = new("--hdlc") { Description = "HDLC over TCP in place of the wrapper." };
    private readonly Option<bool> _udp = new("--udp") { Description = "The wrapper over UDP." };
    private readonly Option<int> _maxPdu = new("--max-pdu") { Description = "The longest APDU to take.", DefaultValueFactory = _ => 2048 };
    private readonly Option<int> _timeout = new("--timeout") { Description = "Seconds to wait for an answer; each request goes out three times at most.", DefaultValueFactory = _ => 5 };
    private readonly Option<string[]> _tolerate = new("--tolerate")
    {
        Description = "Mistakes of the meter to bear: " + string.Join(", ", Enum.GetNames<PeerTolerance>().Skip(1)) + ", or All.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<bool> _trace = new("--trace") { Description = "Every APDU, decoded, on standard error; keys and tokens redacted." };

    public void AddTo(Command command)
    {
        command.Arguments.Insert(0, _address);
        Option[] all = [_client, _server, _physical, _auth, _password, _keys, _protect, _hdlc, _udp, _maxPdu, _timeout, _tolerate, _trace];
        foreach (Option option in all) command.Options.Add(option);
    }

    /// <summary>Connects, associates, does the work, releases; every way that this fails becomes one line.</summary>
    public async Task<int> RunAsync(ParseResult parsed, Func<DlmsSession, CancellationToken, Task<int>> work, CancellationToken cancellationToken)
    {
        Result<DlmsSettings> settings = Settings(parsed);
        if (settings.Fault is { } fault) return CommandOutput.Fail(fault);
        using DlmsSettings own = settings.Value!;
        try
        {
            DlmsSession session = await OpenAsync(parsed, own, cancellationToken).ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                ClientFailure failure = await session.AssociateAsync(cancellationToken).ConfigureAwait(false);
                if (failure.Kind != ClientFailureKind.None) return CommandOutput.Fail("no association: " + DlmsFailureText.Of(failure));
                int result = await work(session, cancellationToken).ConfigureAwait(false);
                await session.ReleaseAsync(cancellationToken).ConfigureAwait(false);
                return result;
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return CommandOutput.Fail($"the line to {parsed.GetRequiredValue(_address)} failed: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            return CommandOutput.Fail("cancelled");
        }
    }

    private async Task<DlmsSession> OpenAsync(ParseResult parsed, DlmsSettings settings, CancellationToken cancellationToken)
    {
        (string host, int port) = settings.Address;
        var addresses = new LinkAddresses(parsed.GetValue(_client), parsed.GetValue(_server));
        IDlmsLink link = parsed.GetValue(_hdlc)
            ? await HdlcAsync(parsed, settings, cancellationToken).ConfigureAwait(false)
            : parsed.GetValue(_udp)
                ? await UdpWrapperLink.ConnectAsync(host, port, addresses, TimeProvider.System, cancellationToken).ConfigureAwait(false)
                : await TcpWrapperLink.ConnectAsync(host, port, addresses, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        var patience = new SessionPatience(TimeSpan.FromSeconds(parsed.GetValue(_timeout)), 3);
        return new DlmsSession(new DlmsClient(settings.Options), link, patience, parsed.GetValue(_trace) ? settings.Trace : null);
    }

    private async Task<HdlcLink> HdlcAsync(ParseResult parsed, DlmsSettings settings, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(settings.Address.Host, settings.Address.Port, cancellationToken).ConfigureAwait(false);
        HdlcAddress server = HdlcAddress.Server(parsed.GetValue(_server), (ushort?)parsed.GetValue(_physical));
        return new HdlcLink(
            new NetworkStream(socket, ownsSocket: true), (byte)parsed.GetValue(_client), server, new HdlcParameters(512, 512, 1, 1),
            TimeSpan.FromSeconds(Math.Min(2, parsed.GetValue(_timeout))), ushort.MaxValue, TimeProvider.System);
    }

    private Result<DlmsSettings> Settings(ParseResult parsed)
    {
        if (!TryAddress(parsed.GetRequiredValue(_address), out (string, int) address)) return new("the address must be HOST or HOST:PORT");
        if (parsed.GetValue(_hdlc) && (parsed.GetValue(_client) > 0x7F || parsed.GetValue(_server) > 0x3FFF)) return new("HDLC knows clients 0 to 127 and devices up to 16383");
        if (parsed.GetValue(_maxPdu) is < 64 or > ushort.MaxValue) return new("--max-pdu must be 64 to 65535");
        if (parsed.GetValue(_timeout) is < 1 or > 600) return new("--timeout must be 1 to 600 seconds");
        ushort client = parsed.GetValue(_client);
        string auth = parsed.GetValue(_auth) ?? client switch { Public => "none", 1 => "hls5", _ => "lls" };
        int mechanism = Array.IndexOf(Mechanisms, auth);
        if (mechanism < 0) return new("--auth must be one of: " + string.Join(", ", Mechanisms));
        if (!TryTolerance(parsed.GetValue(_tolerate) ?? [], out PeerTolerance tolerance)) return new("--tolerate takes: " + string.Join(", ", Enum.GetNames<PeerTolerance>().Skip(1)) + ", All");

        DlmsKeyFile? keys = null;
        if (parsed.GetValue(_keys) is string path)
        {
            Result<DlmsKeyFile> read = DlmsKeyFile.Read(path);
            if (read.Fault is { } fault) return new(fault);
            keys = read.Value;
        }

        var made = new DlmsSettings(address);
        string? refused = made.Fill(
            new DlmsClientOptions { Mechanism = (AuthenticationMechanism)mechanism, Tolerance = tolerance, MaxReceivePdu = (ushort)parsed.GetValue(_maxPdu) },
            keys, parsed.GetValue(_keys), parsed.GetValue(_password), parsed.GetValue(_protect)!);
        if (refused is null) return new(made);
        made.Dispose();
        return new(refused);
    }

    private static bool TryTolerance(string[] names, out PeerTolerance tolerance)
    {
        tolerance = PeerTolerance.None;
        foreach (string name in names.SelectMany(n => n.Split(',')))
        {
            if (name.Equals("all", StringComparison.OrdinalIgnoreCase)) tolerance = Enum.GetValues<PeerTolerance>().Aggregate((a, b) => a | b);
            else if (Enum.TryParse(name, ignoreCase: true, out PeerTolerance one)) tolerance |= one;
            else return false;
        }

        return true;
    }

    private static bool TryAddress(string text, out (string Host, int Port) address)
    {
        int colon = text.LastIndexOf(':');
        bool bracketed = text.EndsWith(']');
        string host = colon > 0 && !bracketed ? text[..colon] : text;
        int port = WrapperPorts.WellKnown;
        bool numbered = colon <= 0 || bracketed || int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port);
        address = (host.Trim('[', ']'), port);
        return numbered && host.Length > 0 && port is > 0 and <= 65535;
    }
}

/// <summary>What an association needs, with the keys that live as long as the command.</summary>
internal sealed class DlmsSettings((string Host, int Port) address) : IDisposable
{
    private DlmsCounterFile? _counters;
    private CipherKey? _key;
    private SystemTitle _meter;

    public (string Host, int Port) Address { get; } = address;

    public DlmsClientOptions Options { get; private set; } = new();

    /// <summary>Completes the options; returns why that cannot be done.</summary>
    public string? Fill(DlmsClientOptions start, DlmsKeyFile? keys, string? keyPath, string? password, string protect)
    {
        AuthenticationMechanism mechanism = start.Mechanism;
        ProtectionFamily family = protect switch
        {
            "glo" => ProtectionFamily.ServiceGlobal,
            "ded" => ProtectionFamily.ServiceDedicated,
            "general-glo" => ProtectionFamily.GeneralGlobal,
            "general-ded" => ProtectionFamily.GeneralDedicated,
            _ => ProtectionFamily.None,
        };
        if (family == ProtectionFamily.None) return "--protect must be one of: glo, ded, general-glo, general-ded";
        byte[]? secret = mechanism == AuthenticationMechanism.Low
            ? Encoding.UTF8.GetBytes(password ?? keys?.Password ?? string.Empty)
            : keys?.Secret ?? (password is null ? [] : Encoding.UTF8.GetBytes(password));
        if (mechanism == AuthenticationMechanism.Low && secret.Length == 0) return "lls needs --password or a key file with \"password\"";
        bool ciphered = mechanism >= AuthenticationMechanism.Gmac && keys?.Guek is not null;
        if (mechanism == AuthenticationMechanism.Gmac && !ciphered) return "hls5 needs a key file with \"guek\" and \"gak\"";
        if (ciphered && OpenKey(keys!, keyPath!) is string refused) return refused;
        bool dedicated = family is ProtectionFamily.ServiceDedicated or ProtectionFamily.GeneralDedicated;
        Options = new DlmsClientOptions
        {
            Context = ciphered ? ApplicationContext.LogicalNameCiphered : ApplicationContext.LogicalName,
            Mechanism = mechanism,
            Secret = secret,
            Challenge = RandomNumberGenerator.GetBytes(16),
            Tolerance = start.Tolerance,
            MaxReceivePdu = start.MaxReceivePdu,
            Family = family,
            Title = keys?.ClientTitle ?? DefaultTitle,
            Key = _key,
            DedicatedKey = dedicated && ciphered ? RandomNumberGenerator.GetBytes(keys!.Suite.KeySize()) : default,
            Transmit = ciphered ? new TransmitCounter(_counters!, KeySlot.GlobalUnicastEncryption) : null,
            Receive = ciphered ? new ReceiveCounter(_counters!, KeySlot.GlobalUnicastEncryption, keys!.ServerTitle ?? default, ahead: 0) : null,
        };
        return null;
    }

    /// <summary>Prints an APDU to standard error, opened where the key is at hand; keys and tokens are redacted.</summary>
    public void Trace(bool sent, ReadOnlySpan<byte> apdu) =>
        Console.Error.Write((sent ? "> " : "< ") + Latchkey.Dlms.Verification.DlmsDecoder.Describe(apdu, _key, sent ? Options.Title : _meter));

    public void Dispose()
    {
        _key?.Dispose();
        _counters?.Dispose();
    }

    private static SystemTitle DefaultTitle { get; } = new(0x4C41_5443_4845_0001);

    private string? OpenKey(DlmsKeyFile keys, string keyPath)
    {
        int size = keys.Suite.KeySize();
        if (keys.Guek?.Length != size || keys.Gak?.Length != size) return $"suite {(int)keys.Suite} needs \"guek\" and \"gak\" of {size} octets in the key file";
        Result<DlmsCounterFile> counters = DlmsCounterFile.Open(keyPath + ".counters");
        if (counters.Fault is { } fault) return fault;
        _counters = counters.Value;
        _meter = keys.ServerTitle ?? default;
        _key = new CipherKey(keys.Suite, keys.Guek, keys.Gak);
        return null;
    }
}
