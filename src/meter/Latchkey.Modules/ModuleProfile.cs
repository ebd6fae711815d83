using Latchkey.ModuleLink.Frames;

namespace Latchkey.Modules;

/// <summary>How deep in coverage a module is.</summary>
public enum CoverageClass : byte
{
    Normal = 0,
    Extended = 1,
    Extreme = 2,
}

/// <summary>One-way delay and loss of a link in one coverage class.</summary>
/// <param name="MedianMs">Median one-way delay, milliseconds.</param>
/// <param name="SpreadFactor">One in six messages takes longer than the median times this, one in six less than the median divided by it.</param>
/// <param name="LossShare">Share of messages that never arrive, 0 to 1.</param>
/// <param name="RssiDbm">Signal strength that the module reports.</param>
public sealed record LinkQuality(double MedianMs, double SpreadFactor, double LossShare, int RssiDbm)
{
    /// <summary>The longest message in this class, where the network has smaller ones far out; 0 for the profile's.</summary>
    public int MaxBytes { get; init; }

    /// <summary>Time on the air of one message: so much, and so much more for each byte, milliseconds.</summary>
    public (double BaseMs, double MsPerByte) Air { get; init; }
}

/// <summary>What one kind of module is: data, no code.</summary>
/// <remarks>Delays are engineering values for planning and simulation (NB-IoT: median round trip about 3.5 s in extended coverage), not measurements of a product.</remarks>
public sealed record ModuleProfile
{
    public required ModuleKind Kind { get; init; }

    /// <summary>Name as people say it.</summary>
    public required string Name { get; init; }

    /// <summary>Longest sealed message in one piece.</summary>
    public required int MaxMessageBytes { get; init; }

    public required int QueueDepth { get; init; }

    public required int MeanCurrentMa { get; init; }

    public required int PeakCurrentMa { get; init; }

    /// <summary>False when the network reaches the module only shortly after it has spoken.</summary>
    public required bool AlwaysReachable { get; init; }

    /// <summary>From power to a registered link, milliseconds.</summary>
    public required int RegistrationMs { get; init; }

    /// <summary>Share of the time in which the law lets it send; 1 for a network without such a rule.</summary>
    public double DutyCycle { get; init; } = 1;

    /// <summary>How long it may be silent before the next message has to open the bearer again, milliseconds; 0 for one that is always open.</summary>
    public int IdleAfterMs { get; init; }

    /// <summary>What opening it takes, milliseconds.</summary>
    public int WakeMs { get; init; }

    /// <summary>Where the network reaches it only after it has spoken: for how long, milliseconds.</summary>
    public int ListensMs { get; init; }

    /// <summary>True on a bus whose master asks: nothing is ever sent unasked.</summary>
    public bool IsPolled { get; init; }

    /// <summary>One entry per coverage class.</summary>
    public required IReadOnlyList<LinkQuality> Links { get; init; }

    public static IReadOnlyList<ModuleProfile> All { get; } =
    [
        new()
        {
            Kind = ModuleKind.Lte4G, Name = "4G", MaxMessageBytes = 512, QueueDepth = 32, MeanCurrentMa = 120, PeakCurrentMa = 550,
            AlwaysReachable = true, RegistrationMs = 8_000, IdleAfterMs = 10_000, WakeMs = 100,
            Links = [new(60, 1.6, 0, -81), new(180, 2.0, 0, -101), new(600, 2.5, 0, -113)],
        },
        new()
        {
            Kind = ModuleKind.Nr5G, Name = "5G", MaxMessageBytes = 512, QueueDepth = 32, MeanCurrentMa = 150, PeakCurrentMa = 600,
            AlwaysReachable = true, RegistrationMs = 6_000, IdleAfterMs = 10_000, WakeMs = 40,
            Links = [new(20, 1.5, 0, -78), new(60, 2.0, 0, -98), new(250, 2.5, 0, -112)],
        },
        new()
        {
            Kind = ModuleKind.NbIot, Name = "NB-IoT", MaxMessageBytes = 512, QueueDepth = 16, MeanCurrentMa = 60, PeakCurrentMa = 300,
            AlwaysReachable = true, RegistrationMs = 20_000, IdleAfterMs = 20_000, WakeMs = 600, ListensMs = 93_000,
            Links = [new(700, 1.8, 0, -95), new(1_750, 2.0, 0, -110), new(6_000, 2.5, 0, -120)],
        },
        new()
        {
            Kind = ModuleKind.LoRaWan, Name = "LoRaWAN", MaxMessageBytes = 222, QueueDepth = 16, MeanCurrentMa = 30, PeakCurrentMa = 150,
            AlwaysReachable = true, RegistrationMs = 7_000, DutyCycle = 0.01, ListensMs = 3_000,
            // EU868 at SF7, SF9 and SF12: payload of the regional parameters, time on the air of a frame with 13 bytes of header.
            Links =
            [
                new(300, 1.5, 0, -90) { MaxBytes = 222, Air = (40, 1.6) }, new(900, 1.8, 0, -112) { MaxBytes = 115, Air = (145, 5.6) },
                new(2_500, 2.0, 0, -125) { MaxBytes = 51, Air = (1_150, 34) },
            ],
        },
        new()
        {
            Kind = ModuleKind.WiFi, Name = "WiFi", MaxMessageBytes = 512, QueueDepth = 64, MeanCurrentMa = 90, PeakCurrentMa = 400,
            AlwaysReachable = true, RegistrationMs = 3_000,
            Links = [new(8, 1.8, 0, -52), new(25, 2.5, 0, -72), new(120, 3.0, 0, -84)],
        },
        new()
        {
            Kind = ModuleKind.Rs485, Name = "RS-485", MaxMessageBytes = 512, QueueDepth = 8, MeanCurrentMa = 20, PeakCurrentMa = 60,
            AlwaysReachable = true, RegistrationMs = 100, IsPolled = true,
            Links = [new(40, 1.3, 0, 0), new(120, 1.5, 0, 0), new(400, 1.5, 0, 0)],
        },
    ];

    public static ModuleProfile Of(ModuleKind kind) => All.First(p => p.Kind == kind);
}
