using System.CommandLine;
using System.Net;
using System.Text.Json;
using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Server;
using Latchkey.Meter;

namespace Latchkey.Cli.Meters;

/// <summary><c>latchkey meter run</c>: one virtual meter as a process that DLMS clients can talk to.</summary>
internal static class MeterRunCommand
{
    private const double FastestMeter = 3_600;
    private const int HighestLoad = 30_000;
    private static readonly JsonSerializerOptions OneLine = new(CommandOutput.Json) { WriteIndented = false };

    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "kpm31, kpm33 or kpm37.", DefaultValueFactory = _ => MeterProfile.Kpm31.Name };
        var dlms = new Option<string?>("--dlms") { Description = "Address and port for the wrapper over TCP; port 0 takes a free one." };
        var hdlc = new Option<string?>("--hdlc") { Description = "Address and port for HDLC over TCP." };
        var udp = new Option<string?>("--udp") { Description = "Address and port for the wrapper over UDP." };
        var keys = new Option<string?>("--keys") { Description = "The meter's keys as JSON; without it the published demo keys." };
        var data = new Option<string?>("--data") { Description = "A directory for the meter's memories; without it they end with the process." };
        var load = new Option<int>("--load") { Description = "Watts that are switched on.", DefaultValueFactory = _ => 500 };
        var speed = new Option<double>("--speed") { Description = "Meter seconds per second.", DefaultValueFactory = _ => 1 };
        var face = new Option<bool>("--face") { Description = "Shows the meter's face in the terminal and takes keys; needs no address." };
        var command = new Command("run", "Runs one virtual meter until it is stopped; prints one line of JSON with its addresses.") { face, model, dlms, hdlc, udp, keys, data, load, speed };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string name = parsed.GetRequiredValue(model);
            if (!MeterProfile.TryFind(name, out MeterProfile? profile)) return CommandOutput.Fail($"there is no model '{name}'; choose kpm31, kpm33 or kpm37");
            if (parsed.GetValue(speed) is not (> 0 and <= FastestMeter)) return CommandOutput.Fail("--speed is above 0 and at most 3600");
            if (parsed.GetValue(load) is < 0 or > HighestLoad) return CommandOutput.Fail($"--load is 0 to {HighestLoad}");
            string fault = string.Empty;
            MeterKeys? held = parsed.GetValue(keys) is { } file ? MeterKeys.TryRead(file, out fault) : new MeterKeys();
            if (held is null) return CommandOutput.Fail(fault);
            if (!TryAddress(parsed.GetValue(dlms), out IPEndPoint? tcp) || !TryAddress(parsed.GetValue(hdlc), out IPEndPoint? line) || !TryAddress(parsed.GetValue(udp), out IPEndPoint? datagrams))
                return CommandOutput.Fail("an address is IP:PORT, for example 127.0.0.1:4059");
            if (tcp is null && line is null && datagrams is null && !parsed.GetValue(face)) return CommandOutput.Fail("give --dlms, --hdlc or --udp, for example --dlms 127.0.0.1:4059");
            var options = new MeterRunOptions
            {
                Model = profile!, Keys = held, Dlms = tcp, Hdlc = line, Udp = datagrams, DataDirectory = parsed.GetValue(data), LoadWatts = parsed.GetValue(load), Speed = parsed.GetValue(speed),
            };
            return parsed.GetValue(face) ? await ShowAsync(options, cancellationToken) : await RunAsync(options, cancellationToken);
        });
        return command;
    }

    private static bool TryAddress(string? text, out IPEndPoint? address)
    {
        address = null;
        return text is null || (text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out address));
    }

    private static async Task<int> ShowAsync(MeterRunOptions options, CancellationToken cancellationToken)
    {
        try
        {
            using var meter = new RunningMeter(options, TimeProvider.System);
            await using var line = new MeterLine(meter, options);
            await line.FollowAsync();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task lived = meter.LiveAsync(line, stop.Token);
            await FaceLoop.RunAsync(meter, TimeProvider.System, stop.Token);
            await stop.CancelAsync();
            await lived;
            return CommandOutput.Success;
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or UnauthorizedAccessException)
        {
            return CommandOutput.Fail(e.Message);
        }
    }

    private static async Task<int> RunAsync(MeterRunOptions options, CancellationToken cancellationToken)
    {
        try
        {
            using var meter = new RunningMeter(options, TimeProvider.System);
            await using var line = new MeterLine(meter, options);
            await line.FollowAsync();
            Console.Out.WriteLine(JsonSerializer.Serialize(Describe(meter, options, line), OneLine));
            await meter.LiveAsync(line, cancellationToken);
            return CommandOutput.Success;
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or UnauthorizedAccessException)
        {
            return CommandOutput.Fail(e.Message);
        }
    }

    private static object Describe(RunningMeter meter, MeterRunOptions options, MeterLine line)
    {
        lock (meter.Gate)
        {
            Latchkey.Meter.Cosem.MeterCosem cosem = meter.Meter.Cosem!;
            return new
            {
                model = options.Model.Name,
                meterNumber = options.Keys.MeterPan,
                dlms = line.Dlms?.ToString(),
                hdlc = line.Hdlc?.ToString(),
                udp = line.Udp?.ToString(),
                systemTitle = cosem.Title.ToString(),
                logicalDeviceName = cosem.LogicalDeviceName,
                serverAddress = 1,
                physicalAddress = 17,
                associations = cosem.Profiles.Select(Describe),
                keys = options.Keys.AreDemo ? options.Keys : null,
            };
        }
    }

    private static object Describe(AssociationProfile profile) => new
    {
        client = profile.Client,
        context = profile.Context == ApplicationContext.LogicalNameCiphered ? "LN ciphered" : "LN",
        mechanism = (int)profile.Mechanism,
        authentication = profile.Mechanism switch
        {
            AuthenticationMechanism.None => "none",
            AuthenticationMechanism.Low => "LLS",
            _ => $"HLS{(int)profile.Mechanism}",
        },
    };
}
