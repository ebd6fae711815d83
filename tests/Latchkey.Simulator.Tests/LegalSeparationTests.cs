using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Latchkey.Metrology;

namespace Latchkey.Simulator.Tests;

/// <summary>The rest of the meter may book frames, save, restore and read; the sealed parameters it may not touch.</summary>
public sealed class LegalSeparationTests
{
    private static readonly string[] Sealed = ["Calibrate"];

    // Those who run in a meter. Benches and the simulator calibrate, as a laboratory does.
    public static TheoryData<string> Firmware => ["Latchkey.Meter", "Latchkey.Modules", "Latchkey.ModuleLink"];

    [Theory, MemberData(nameof(Firmware))]
    public void Firmware_NeverCallsWhatTheSealProtects(string room) => Assert.Empty(CallsOf(Image(room)).Intersect(Sealed, StringComparer.Ordinal));

    // The rule sees what it looks for: the meter does call the core, and the core itself does calibrate.
    [Fact]
    public void TheRule_SeesCallsOfTheCore() => Assert.Contains("ApplyFrame", CallsOf(Image("Latchkey.Meter")));

    [Fact]
    public void ACallOfTheSealedMethod_IsReported()
    {
        var core = new MetrologyCore(Calibration.Nominal);
        core.Calibrate(Calibration.Nominal);
        Assert.Contains("Calibrate", CallsOf(typeof(LegalSeparationTests).Assembly.Location));
    }

    private static string Image(string room) => Path.Combine(AppContext.BaseDirectory, room + ".dll");

    // Names of all members of the measuring cores that an image refers to.
    private static IReadOnlyList<string> CallsOf(string image)
    {
        using var file = new PEReader(File.OpenRead(image));
        MetadataReader reader = file.GetMetadataReader();
        return
        [
            .. reader.MemberReferences.Select(reader.GetMemberReference)
                .Where(m => m.Parent.Kind == HandleKind.TypeReference && IsCore(reader.GetTypeReference((TypeReferenceHandle)m.Parent), reader))
                .Select(m => reader.GetString(m.Name)),
        ];
    }

    private static bool IsCore(TypeReference type, MetadataReader reader) =>
        reader.GetString(type.Namespace) == "Latchkey.Metrology" && reader.GetString(type.Name).EndsWith("MetrologyCore", StringComparison.Ordinal);
}
