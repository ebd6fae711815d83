using System.Text.Json;
using System.Text.Json.Serialization;

namespace Latchkey.Simulator.Accuracy;

/// <summary>One row of a class table: from this share of the base current on, so much percent.</summary>
public sealed record ClassLimit(string Class, bool Unity, double FromShare, double Percent);

/// <summary>The meter that the influences act on; choices.</summary>
public sealed record MeterUnderTest(
    double NominalVolts, double BaseAmps, double MaximumAmps, double ShuntMicroohm, double ShuntKelvinPerWatt, double ShuntKelvinPerJoule,
    double CurrentLoopSquareMillimetres, double TransformerPhaseDegrees, double MagnetisingShareUnderMagnet);

/// <summary>Every limit of accuracy and every number of the meter under test, from accuracy.json and nowhere else.</summary>
public sealed record AccuracyTables(string Note, ClassLimit[] Limits, Dictionary<string, double> Influences, MeterUnderTest Meter)
{
    // Declared before Default, which needs it.
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The values of the embedded file.</summary>
    public static AccuracyTables Default { get; } = Load();

    /// <summary>The limit at a current and a power factor, percent; null where the class promises nothing.</summary>
    public double? Limit(string meterClass, double share, bool unity) => Limits
        .Where(l => l.Class == meterClass && l.Unity == unity && share >= l.FromShare * 0.999999)
        .OrderByDescending(l => l.FromShare).Select(l => (double?)l.Percent).FirstOrDefault();

    private static AccuracyTables Load()
    {
        using Stream stream = typeof(AccuracyTables).Assembly.GetManifestResourceStream("Latchkey.Simulator.Accuracy.accuracy.json")!;
        return JsonSerializer.Deserialize<AccuracyTables>(stream, Strict)!;
    }
}
