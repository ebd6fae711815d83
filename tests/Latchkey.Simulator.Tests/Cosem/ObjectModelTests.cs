using System.Globalization;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Cosem.Model;
using Latchkey.Dlms.Server;
using Latchkey.Dlms.Services;
using Latchkey.Meter;

namespace Latchkey.Simulator.Tests.Cosem;

/// <summary>The whole object model of every model: complete, of the right types, and as closed as its rights say.</summary>
public sealed class ObjectModelTests
{
    private static readonly LogicalName Current = new(0, 0, 40, 0, 0);

    public static TheoryData<string, ushort> EveryModelAndClient()
    {
        var data = new TheoryData<string, ushort>();
        foreach (MeterProfile profile in MeterProfile.All)
        {
            foreach (ushort client in new ushort[] { 16, 32, 1 }) data.Add(profile.Name, client);
        }

        return data;
    }

    [Theory, MemberData(nameof(EveryModelAndClient))]
    public void EveryListedAttribute_IsReadWithTheTypeOfItsClass_OrRefusedAsItsRightsSay(string model, ushort client)
    {
        using CosemRig rig = Rig(model);
        CosemLine line = Line(rig, client);
        Listed[] objects = ObjectList(line);
        Assert.NotEmpty(objects);
        foreach (Listed item in objects)
        {
            ClassDefinition definition = ClassCatalog.Find(item.Class, item.Version) ?? throw new InvalidOperationException($"{item.Name}: class {item.Class} version {item.Version} is in no table");
            Assert.Equal((definition.AttributeCount, definition.MethodCount), (item.Attributes.Length, item.Methods.Length));
            for (int attribute = 1; attribute <= item.Attributes.Length; attribute++)
            {
                DataAccessResult result = line.Read(item.Class, item.Name, (sbyte)attribute);
                bool readable = (item.Attributes[attribute - 1] & 1) != 0;
                if (!readable) Assert.Equal(DataAccessResult.ReadWriteDenied, result);
                else if (result == DataAccessResult.Success)
                {
                    string found = $"{item.Name} {definition.Name}.{definition.Attribute(attribute).Name} is {Convert.ToHexString(line.Client.Value.Encoded)}";
                    Assert.True(definition.Attribute(attribute).Shape.Matches(line.Client.Value), found);
                }
                else
                {
                    // What has nothing to show yet says so; nothing else may fail.
                    Assert.True(result is DataAccessResult.TemporaryFailure or DataAccessResult.ObjectUnavailable, $"{item.Name} {definition.Name}.{attribute}: {result}");
                }
            }
        }
    }

    [Theory, MemberData(nameof(EveryModelAndClient))]
    public void EveryAttribute_TakesOnlyWhatItsRightsAndItsTypeAllow(string model, ushort client)
    {
        using CosemRig rig = Rig(model);
        CosemLine line = Line(rig, client);
        foreach (Listed item in ObjectList(line))
        {
            for (int attribute = 2; attribute <= item.Attributes.Length; attribute++)
            {
                // An array of three floats is of no attribute's type.
                DataAccessResult result = line.Write(item.Class, item.Name, (sbyte)attribute, WriteNonsense);
                DataAccessResult[] expected = (item.Attributes[attribute - 1] & 2) != 0
                    ? [DataAccessResult.TypeUnmatched, DataAccessResult.OtherReason, DataAccessResult.ReadWriteDenied]
                    : client == 16 ? [DataAccessResult.ReadWriteDenied, DataAccessResult.TemporaryFailure] : [DataAccessResult.ReadWriteDenied];
                Assert.True(expected.Contains(result), $"{item.Name} class {item.Class} attribute {attribute}: {result}");
            }
        }
    }

    [Theory, MemberData(nameof(EveryModelAndClient))]
    public void EveryMethod_RefusesNonsense_AndClientsWithoutTheRight(string model, ushort client)
    {
        using CosemRig rig = Rig(model);
        CosemLine line = Line(rig, client);
        foreach (Listed item in ObjectList(line))
        {
            if (item.Name == Current) continue;
            for (int method = 1; method <= item.Methods.Length; method++)
            {
                ActionResult result = line.Call(item.Class, item.Name, (sbyte)method, WriteNonsense);
                bool callable = (item.Methods[method - 1] & 1) != 0;
                Assert.NotEqual(ActionResult.Success, result);
                if (callable) Assert.True(result is ActionResult.TypeUnmatched or ActionResult.ReadWriteDenied or ActionResult.ObjectUnavailable or ActionResult.OtherReason or ActionResult.TemporaryFailure, $"{item.Name}.{method}: {result}");
            }
        }
    }

    [Fact]
    public void PublicClient_SeesWhoTheMeterIs_AndNothingElse()
    {
        using var rig = new CosemRig();
        CosemLine line = rig.Public();
        string[] names = [.. ObjectList(line).Where(o => o.Name != Current).Select(o => o.Name.ToString())];
        Assert.Equal(["0.0.1.0.0.255", "0.0.42.0.0.255", "0.0.43.1.0.255"], names.Order(StringComparer.Ordinal));
        Assert.Equal(DataAccessResult.ObjectUndefined, line.Read(InterfaceClass.Register, new LogicalName(1, 0, 1, 8, 0), 2));
        Assert.Equal(DataAccessResult.ReadWriteDenied, line.Read(InterfaceClass.Clock, new LogicalName(0, 0, 1, 0, 0), 3));
    }

    [Theory]
    [InlineData("kpm31", 1)]
    [InlineData("kpm33", 3)]
    [InlineData("kpm37", 3)]
    public void Registers_ArePerPhaseAndTotal(string model, int phases)
    {
        using CosemRig rig = Rig(model, watts: 3_000);
        rig.Meter.Type(rig.Mint.Credit(100_000) + "#");
        rig.Run(20);
        CosemLine line = rig.Reading();
        long sum = 0;
        for (int phase = 0; phase < 3; phase++)
        {
            var power = new LogicalName(1, 0, (byte)(21 + (20 * phase)), 7, 0);
            if (phase < phases) sum += line.Number(InterfaceClass.Register, power);
            else Assert.Equal(DataAccessResult.ObjectUndefined, line.Read(InterfaceClass.Register, power, 2));
        }

        Assert.InRange(sum, 2_990, 3_010);
        Assert.InRange(line.Number(InterfaceClass.Register, new LogicalName(1, 0, 1, 7, 0)), 2_990, 3_010);
        Assert.InRange(line.Number(InterfaceClass.Register, new LogicalName(1, 0, 32, 7, 0)), 2_290, 2_310);
    }

    [Fact]
    public void LegallyRelevantRegisters_CannotBeWrittenOrReset_ByAnybody()
    {
        using var rig = new CosemRig();
        CosemLine line = rig.Management();
        foreach (Listed item in ObjectList(line).Where(o => o.Name.ToString().StartsWith("1.0.", StringComparison.Ordinal) && o.Class == InterfaceClass.Register))
        {
            Assert.Equal(DataAccessResult.ReadWriteDenied, line.Write(item.Class, item.Name, 2, static (ref AxdrWriter w) => w.DoubleLongUnsigned(1)));
            Assert.Equal(ActionResult.ReadWriteDenied, line.Call(item.Class, item.Name, 1));
        }
    }

    internal static Listed[] ObjectList(CosemLine line)
    {
        Assert.Equal(DataAccessResult.Success, line.Read(InterfaceClass.Association, Current, 2));
        var listed = new List<Listed>();
        foreach (DataView entry in line.Client.Value.Items)
        {
            DataItems fields = entry.Items;
            Assert.True(fields.TryTake(DataTag.LongUnsigned, out long id) & fields.TryTake(DataTag.Unsigned, out long version) & fields.TryTake(out DataView name) & fields.TryTake(out DataView access));
            Assert.True(name.TryGetLogicalName(out LogicalName logical));
            DataItems rights = access.Items;
            Assert.True(rights.TryTake(out DataView attributes) & rights.TryTake(out DataView methods));
            listed.Add(new Listed((InterfaceClass)id, (byte)version, logical, Rights(attributes), Rights(methods)));
        }

        return [.. listed];
    }

    private static byte[] Rights(DataView array)
    {
        var rights = new List<byte>();
        foreach (DataView item in array.Items)
        {
            DataItems fields = item.Items;
            Assert.True(fields.TryTake(DataTag.Integer, out long index) & fields.TryTake(DataTag.Enum, out long right));
            Assert.Equal(rights.Count + 1, index);
            rights.Add((byte)right);
        }

        return [.. rights];
    }

    private static void WriteNonsense(ref AxdrWriter writer)
    {
        writer.Array(3);
        for (int i = 0; i < 3; i++)
        {
            writer.WriteByte((byte)DataTag.Float32);
            writer.WriteUInt32(0x7FC0_0000);
        }
    }

    private static CosemRig Rig(string model, int watts = 0) =>
        new(MeterProfile.TryFind(model, out MeterProfile? profile) ? profile : throw new InvalidOperationException(model), watts);

    private static CosemLine Line(CosemRig rig, ushort client) => client switch
    {
        16 => rig.Public(),
        32 => rig.Reading(),
        _ => rig.Management(),
    };

    internal sealed record Listed(InterfaceClass Class, byte Version, LogicalName Name, byte[] Attributes, byte[] Methods)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} class {(int)Class}");
    }
}
