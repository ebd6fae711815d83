using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;
using Latchkey.Meter.Control;
using Latchkey.Sts;

namespace Latchkey.Simulator.Tests.Cosem;

/// <summary>What a head-end does with a meter over DLMS, in virtual time.</summary>
public sealed class CosemScenarioTests
{
    private static readonly LogicalName Gateway = new(0, 0, 19, 40, 0);
    private static readonly LogicalName Account = new(0, 0, 19, 0, 0);
    private static readonly LogicalName TokenCredit = new(0, 0, 19, 10, 0);
    private static readonly LogicalName EmergencyCredit = new(0, 0, 19, 10, 1);
    private static readonly LogicalName Relay = new(0, 0, 96, 3, 10);
    private static readonly LogicalName Limiter = new(0, 0, 17, 0, 0);
    private static readonly LogicalName Import = new(1, 0, 1, 8, 0);
    private static readonly LogicalName Load = new(1, 0, 99, 1, 0);
    private static readonly LogicalName Clock = new(0, 0, 1, 0, 0);
    private static readonly LogicalName Setup = new(0, 0, 43, 0, 0);

    public static TheoryData<string> Codings => ["bcd", "ascii", "blanks", "dashes", "bits"];

    [Theory, MemberData(nameof(Codings))]
    public void AToken_InEveryCoding_IsCreditedOnce(string coding)
    {
        using var rig = new CosemRig();
        CosemLine line = rig.Management();
        byte[] token = Encode(rig.Mint.Credit(7_000), coding);
        Assert.Equal(ActionResult.Success, Enter(line, token));
        Assert.Equal((3, 0), Status(line));
        Assert.Equal(7_000, line.Number(InterfaceClass.CosemCredit, TokenCredit));
        Assert.Equal(7_000, line.Number(InterfaceClass.CosemAccount, Account, 5));

        // The answer was lost, and the head-end sends it again: status "validation failure", result "used", no second credit.
        Assert.Equal(ActionResult.Success, Enter(line, token));
        Assert.Equal((6, (int)Latchkey.ModuleLink.Messages.TokenStatus.UsedError), Status(line));
        Assert.Equal(7_000, line.Number(InterfaceClass.CosemCredit, TokenCredit));
    }

    [Fact]
    public void KeypadAndLine_ShareOneQueue_AndOneLog()
    {
        using var rig = new CosemRig();
        CosemLine line = rig.Management();
        TokenNumber token = rig.Mint.Credit(1_000);
        rig.Meter.Type(token + "#");
        Assert.Equal(2, line.Number(InterfaceClass.TokenGateway, Gateway, 5));
        Enter(line, Encode(token, "bcd"));
        Assert.Equal((6, 10), Status(line));
        Assert.Equal(0, line.Number(InterfaceClass.TokenGateway, Gateway, 5));
        Enter(line, [1, 2, 3]);
        Assert.Equal((4, 0), Status(line));
        Assert.Equal(3, line.Number(InterfaceClass.ProfileGeneric, new LogicalName(0, 0, 99, 17, 0), 7));
        Assert.Equal(1, line.Number(InterfaceClass.ProfileGeneric, new LogicalName(0, 0, 99, 15, 0), 7));
        line.Read(InterfaceClass.ProfileGeneric, new LogicalName(0, 0, 99, 17, 0), 2);

        // The log tells tokens apart and holds none.
        string rows = Convert.ToHexString(line.Client.Value.Encoded);
        Assert.DoesNotContain(token.ToString(), rows, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexString(Encode(token, "ascii")), rows, StringComparison.Ordinal);
    }

    [Fact]
    public void AToken_CostsLessThanTwoHundredOctets_InOneRoundTrip()
    {
        using var rig = new CosemRig();
        CosemLine line = rig.Management();
        Enter(line, Encode(rig.Mint.Credit(1_000), "bcd"));
        Assert.Equal(1, line.Turns);
        Assert.InRange(line.Octets, 1, 200);
    }

    [Fact]
    public void RelayOffAndOn_GoesThroughClass70_AndATokenDoesNotUndoIt()
    {
        using CosemRig rig = WithCredit(1_000);
        CosemLine line = rig.Management();
        Assert.Equal(ActionResult.Success, line.Call(InterfaceClass.DisconnectControl, Relay, 1));
        rig.Run(2);
        Assert.Equal((0, 0), (line.Number(InterfaceClass.DisconnectControl, Relay, 2), line.Number(InterfaceClass.DisconnectControl, Relay, 3)));
        Enter(line, Encode(rig.Mint.Credit(1_000), "bcd"));
        rig.Run(2);
        Assert.Equal(0, line.Number(InterfaceClass.DisconnectControl, Relay, 3));
        Assert.Equal(ActionResult.Success, line.Call(InterfaceClass.DisconnectControl, Relay, 2));
        rig.Run(2);
        Assert.Equal((1, 1), (line.Number(InterfaceClass.DisconnectControl, Relay, 2), line.Number(InterfaceClass.DisconnectControl, Relay, 3)));
        Assert.Equal(DataAccessResult.Success, line.Write(InterfaceClass.DisconnectControl, Relay, 4, static (ref AxdrWriter w) => w.Enum(0)));
        Assert.Equal(ActionResult.TemporaryFailure, line.Call(InterfaceClass.DisconnectControl, Relay, 1));
    }

    [Fact]
    public void ReadingClient_MayNeitherSwitchNorEnterTokens()
    {
        using CosemRig rig = WithCredit(1_000);
        CosemLine line = rig.Reading();
        Assert.Equal(ActionResult.ReadWriteDenied, line.Call(InterfaceClass.DisconnectControl, Relay, 1));
        Assert.Equal(ActionResult.ObjectUndefined, Enter(line, Encode(rig.Mint.Credit(1_000), "bcd")));
        Assert.Equal(DataAccessResult.ReadWriteDenied, line.Write(InterfaceClass.Limiter, Limiter, 4, static (ref AxdrWriter w) => w.DoubleLongUnsigned(1)));
        Assert.Equal(1, line.Number(InterfaceClass.DisconnectControl, Relay, 3));
    }

    [Fact]
    public void Limiter_CutsAnExcess_AfterItsPatience()
    {
        using CosemRig rig = WithCredit(3_000);
        CosemLine line = rig.Management();
        Assert.Equal(DataAccessResult.Success, line.Write(InterfaceClass.Limiter, Limiter, 6, static (ref AxdrWriter w) => w.DoubleLongUnsigned(5)));
        Assert.Equal(DataAccessResult.Success, line.Write(InterfaceClass.Limiter, Limiter, 4, static (ref AxdrWriter w) => w.DoubleLongUnsigned(2_900)));
        Assert.Equal(2_900, line.Number(InterfaceClass.Limiter, Limiter, 3));
        rig.Run(3);
        Assert.Equal(1, line.Number(InterfaceClass.DisconnectControl, Relay, 3));
        rig.Run(6);
        Assert.Equal(2, line.Number(InterfaceClass.DisconnectControl, Relay, 3));
        Assert.Equal(OffReasons.Overload, rig.Meter.Snapshot.ForemostReason);
    }

    [Fact]
    public void LoadProfile_ByRangeAndByEntry_WithSmallBlocks()
    {
        using CosemRig rig = WithCredit(1_000, kilowattHours: 100);
        rig.Run(26 * 3_600);
        CosemLine line = rig.Reading(maxPdu: 128);
        Assert.Equal(104, line.Number(InterfaceClass.ProfileGeneric, Load, 7));
        var clock = new CaptureObject(InterfaceClass.Clock, Clock, 2, 0);
        Assert.True(DataView.TryReadWhole(
            CosemLine.Data((ref AxdrWriter w) => RangeDescriptor.WriteTimes(ref w, clock, CosemDateTime.From(CosemRig.Start.AddHours(6)), CosemDateTime.From(CosemRig.Start.AddHours(7)))), out DataView range));
        Assert.Equal(DataAccessResult.Success, line.Read(InterfaceClass.ProfileGeneric, Load, 2, new SelectiveAccess(RangeDescriptor.Selector, range)));
        Assert.Equal(5, line.Client.Value.Count);
        Assert.True(line.Turns > 1, "a small client gets blocks");
        Assert.Equal(6_000, SecondEnergy(line), 10.0);
        Assert.True(DataView.TryReadWhole(CosemLine.Data((ref AxdrWriter w) => new EntryDescriptor(1, 4, 1, 0).Write(ref w)), out DataView entries));
        Assert.Equal(DataAccessResult.Success, line.Read(InterfaceClass.ProfileGeneric, Load, 2, new SelectiveAccess(EntryDescriptor.Selector, entries)));
        Assert.Equal(4, line.Client.Value.Count);
        Assert.Equal(DataAccessResult.Success, line.Read(InterfaceClass.ProfileGeneric, Load, 2));
        Assert.Equal(104, line.Client.Value.Count);
        Assert.Equal(1, line.Number(InterfaceClass.ProfileGeneric, new LogicalName(1, 0, 99, 2, 0), 7));
    }

    [Fact]
    public void Freezes_HappenAtMidnightAndAtTheTurnOfTheMonth_AlsoWithoutPower()
    {
        using var rig = new CosemRig(start: new DateTimeOffset(2026, 6, 29, 12, 0, 0, TimeSpan.Zero));
        rig.Run((36 * 3_600) + 10);
        CosemLine line = rig.Reading();
        Assert.Equal(2, line.Number(InterfaceClass.ProfileGeneric, new LogicalName(1, 0, 99, 2, 0), 7));
        Assert.Equal(1, line.Number(InterfaceClass.ProfileGeneric, new LogicalName(0, 0, 98, 1, 0), 7));
        rig.Meter.MainsOn = false;
        rig.Run(40 * 86_400);
        rig.Meter.MainsOn = true;
        rig.Run(5);
        line = rig.Reading();
        Assert.Equal(3, line.Number(InterfaceClass.ProfileGeneric, new LogicalName(1, 0, 99, 2, 0), 7));
        Assert.Equal(2, line.Number(InterfaceClass.ProfileGeneric, new LogicalName(0, 0, 98, 1, 0), 7));
    }

    [Fact]
    public void AList_IsReadAtOnce_EachWithItsResult()
    {
        using var rig = new CosemRig();
        CosemLine line = rig.Reading();
        List<DataAccessResult> results = line.ReadList(
            new AttributeDescriptor(InterfaceClass.Register, Import, 2), new AttributeDescriptor(InterfaceClass.Clock, Import, 2),
            new AttributeDescriptor(InterfaceClass.TokenGateway, Gateway, 2), new AttributeDescriptor(InterfaceClass.CosemAccount, Account, 5));
        Assert.Equal([DataAccessResult.Success, DataAccessResult.ObjectClassInconsistent, DataAccessResult.ObjectUndefined, DataAccessResult.Success], results);
    }

    [Fact]
    public void TheDay_InCompactData_FitsASmallDatagram()
    {
        using CosemRig rig = WithCredit(2_000, kilowattHours: 100);
        rig.Run(25 * 3_600);
        CosemLine line = rig.Management();
        Assert.Equal(DataAccessResult.Success, line.Read(InterfaceClass.CompactData, new LogicalName(0, 0, 66, 0, 1), 2));
        Assert.True(line.Client.Value.TryGetOctets(out ReadOnlySpan<byte> day));
        Assert.InRange(day.Length, 96 * 2 * 2, 512);
        Assert.InRange(line.Octets, 1, 512);

        // Template, length of the date, date, period, then the first value and 96 steps each way.
        ReadOnlySpan<byte> steps = day[(1 + 1 + 12 + 2 + 4)..];
        for (int slot = 0; slot < 96; slot++) Assert.InRange((steps[2 * slot] << 8) | steps[(2 * slot) + 1], 499, 501);
    }

    [Fact]
    public void Push_CarriesTheDayCiphered_WithinASmallDatagram_WhenAsked()
    {
        using CosemRig rig = WithCredit(1_000, kilowattHours: 100);
        rig.Run(25 * 3_600);
        CosemLine line = rig.Management();
        var push = new LogicalName(0, 0, 25, 9, 0);
        Assert.Equal(ActionResult.TemporaryFailure, line.Call(InterfaceClass.PushSetup, push, 1));
        Assert.Equal(DataAccessResult.Success, line.Write(InterfaceClass.PushSetup, push, 3, static (ref AxdrWriter w) =>
        {
            w.Structure(3);
            w.Enum(1);
            w.OctetString("192.0.2.1:4059"u8);
            w.Enum(0);
        }));
        Assert.Equal(ActionResult.Success, line.Call(InterfaceClass.PushSetup, push, 1));
        Assert.True(rig.Meter.Cosem!.TryTakePush(out CosemPush? sent));
        Assert.Equal((PushTransport.Udp, "192.0.2.1:4059", (ushort)48), (sent!.Transport, sent.Destination, sent.Client));
        byte[] plain = new byte[1_024];
        Assert.True(DataView.TryReadWhole(sent.Body.Span, out DataView body));
        Assert.Equal(4, body.Count);
        int size = new DataNotification { Invoke = new LongInvokeId(1), Body = body }.Write(plain);
        byte[] secured = new byte[1_024];
        Assert.InRange(rig.Meter.Cosem.Protect(plain.AsSpan(0, size), secured), 1, 512);
    }

    [Fact]
    public void Credit_MayBeGivenAndTaken_ByTheMethodsOfClass112()
    {
        using var rig = new CosemRig();
        CosemLine line = rig.Management();
        Assert.Equal(ActionResult.Success, line.Call(InterfaceClass.CosemCredit, TokenCredit, 1, static (ref AxdrWriter w) => w.DoubleLong(2_500)));
        Assert.Equal(ActionResult.Success, line.Call(InterfaceClass.CosemCredit, TokenCredit, 2, static (ref AxdrWriter w) => w.DoubleLong(1_500)));
        Assert.Equal(1_500, line.Number(InterfaceClass.CosemCredit, TokenCredit));
        Assert.Equal(1_500, rig.Meter.Snapshot.Balance.WattHours);
        Assert.Equal(DataAccessResult.ReadWriteDenied, line.Write(InterfaceClass.CosemCredit, TokenCredit, 2, static (ref AxdrWriter w) => w.DoubleLong(9)));
    }

    [Fact]
    public void EmergencyCredit_IsSetUpOfferedAndInvoked_OverTheLine()
    {
        using var rig = new CosemRig(watts: 1_000);
        CosemLine line = rig.Management();
        Assert.Equal(DataAccessResult.Success, line.Write(InterfaceClass.CosemCredit, EmergencyCredit, 9, static (ref AxdrWriter w) => w.DoubleLong(500)));
        Assert.Equal(DataAccessResult.Success, line.Write(InterfaceClass.CosemCredit, EmergencyCredit, 4, static (ref AxdrWriter w) => w.Unsigned(2)));
        Assert.Equal(DataAccessResult.Success, line.Write(InterfaceClass.CosemCredit, EmergencyCredit, 10, static (ref AxdrWriter w) => w.DoubleLong(1_000)));
        rig.Run(3);
        Assert.Equal(2, line.Number(InterfaceClass.DisconnectControl, Relay, 3));
        Assert.Equal(ActionResult.Success, line.Call(InterfaceClass.CosemCredit, EmergencyCredit, 3, static (ref AxdrWriter w) => w.Unsigned(0)));
        rig.Run(5);
        Assert.Equal(1, line.Number(InterfaceClass.DisconnectControl, Relay, 3));
        Assert.Equal(3, line.Number(InterfaceClass.CosemCredit, EmergencyCredit, 8));
    }

    [Fact]
    public void KeyChange_IsDurable_AndTheOldKeyIsRefused()
    {
        using var rig = new CosemRig();
        CosemLine line = rig.Management();
        byte[] next = Convert.FromHexString("101112131415161718191A1B1C1D1E1F");
        byte[] wrapped = new byte[24];
        KeyWrap.Wrap(CosemRig.Master, next, wrapped);
        Assert.Equal(ActionResult.Success, line.Call(InterfaceClass.SecuritySetup, Setup, 2, (ref AxdrWriter w) =>
        {
            w.Array(1);
            w.Structure(2);
            w.Enum(0);
            w.OctetString(wrapped);
        }));
        Assert.True(rig.Management(encryption: next, counter: 5_000).Client.IsAssociated);
        Assert.False(rig.Management(counter: 10_000).Client.IsAssociated);
        rig.Restart();
        Assert.False(rig.Management(counter: 20_000).Client.IsAssociated);
        Assert.True(rig.Management(encryption: next, counter: 30_000).Client.IsAssociated);
    }

    [Fact]
    public void Counters_SurviveARestart_SoThatNothingIsReplayed()
    {
        using var rig = new CosemRig();
        Assert.True(rig.Management(counter: 100).Client.IsAssociated);
        rig.Restart();
        CosemLine old = rig.Management(counter: 50);
        Assert.Equal(ClientFailureKind.Exception, old.Client.Failure.Kind);
        Assert.Equal((int)ExceptionService.InvocationCounterError, old.Client.Failure.Code);
        CosemLine open = rig.Public();
        uint next = (uint)open.Number(InterfaceClass.Data, new LogicalName(0, 0, 43, 1, 0));
        Assert.True(rig.Management(counter: next).Client.IsAssociated);
    }

    [Fact]
    public void NewFirmware_IsTransferredVerifiedAndActivated_OverClass18()
    {
        using var forge = new Latchkey.Simulator.Bench.FirmwareForge();
        using var rig = new CosemRig(firmware: forge.Key);
        byte[] image = forge.Image(Latchkey.Simulator.Bench.FirmwareForge.Version(9, 2, 0));
        CosemLine line = rig.Management();
        var transfer = new LogicalName(0, 0, 44, 0, 0);
        int size = (int)line.Number(InterfaceClass.ImageTransfer, transfer);
        Assert.Equal(ActionResult.TemporaryFailure, Block(line, transfer, 0, image.AsSpan(0, size)));
        Assert.Equal(ActionResult.Success, line.Call(InterfaceClass.ImageTransfer, transfer, 1, (ref AxdrWriter w) =>
        {
            w.Structure(2);
            w.OctetString("kpm31-9.2.0"u8);
            w.DoubleLongUnsigned((uint)image.Length);
        }));
        for (int block = 0; block * size < image.Length; block++)
            Assert.Equal(ActionResult.Success, Block(line, transfer, (uint)block, image.AsSpan(block * size, Math.Min(size, image.Length - (block * size)))));
        Assert.Equal((image.Length + size - 1) / size, line.Number(InterfaceClass.ImageTransfer, transfer, 4));
        Assert.Equal(ActionResult.TemporaryFailure, line.Call(InterfaceClass.ImageTransfer, transfer, 3));
        rig.Run(5);
        Assert.Equal((long)ImageTransferStatus.VerificationSuccessful, line.Number(InterfaceClass.ImageTransfer, transfer, 6));
        Assert.Equal(ActionResult.TemporaryFailure, line.Call(InterfaceClass.ImageTransfer, transfer, 4));
        rig.Run(100);
        Assert.Equal("9.2.0", rig.Meter.Snapshot.FirmwareVersion);

        // The application was started anew, and its line with it.
        line = rig.Management(counter: 20_000);
        Assert.Equal((long)ImageTransferStatus.ActivationSuccessful, line.Number(InterfaceClass.ImageTransfer, transfer, 6));
        Assert.Equal(DataAccessResult.Success, line.Read(InterfaceClass.Data, new LogicalName(1, 0, 0, 2, 0), 2));
        Assert.True(line.Client.Value.TryGetOctets(out ReadOnlySpan<byte> version));
        Assert.Equal("9.2.0"u8.ToArray(), version.ToArray());
    }

    [Fact]
    public void Clock_IsSetShiftedAndFollowsDaylightSaving()
    {
        using var rig = new CosemRig();
        CosemLine line = rig.Management();
        Assert.Equal(DataAccessResult.Success, line.Write(InterfaceClass.Clock, Clock, 3, static (ref AxdrWriter w) => w.Long(-60)));
        Assert.Equal(DataAccessResult.Success, line.Write(InterfaceClass.Clock, Clock, 5, static (ref AxdrWriter w) => w.DateTimeOctets(LastSunday(3, 2))));
        Assert.Equal(DataAccessResult.Success, line.Write(InterfaceClass.Clock, Clock, 6, static (ref AxdrWriter w) => w.DateTimeOctets(LastSunday(10, 3))));
        Assert.Equal(DataAccessResult.Success, line.Write(InterfaceClass.Clock, Clock, 8, static (ref AxdrWriter w) => w.Boolean(value: true)));
        CosemDateTime summer = Time(line);
        Assert.Equal((2, -120, 0x80), (summer.Hour, summer.DeviationMinutes, summer.Status));
        var winter = new CosemDateTime { Year = 2026, Month = 12, Day = 24, DayOfWeek = CosemDateTime.Any, Hour = 12, DeviationMinutes = CosemDateTime.AnyDeviation, Status = CosemDateTime.Any };
        Assert.Equal(DataAccessResult.Success, line.Write(InterfaceClass.Clock, Clock, 2, (ref AxdrWriter w) => w.DateTimeOctets(winter with { DeviationMinutes = -60 })));
        Assert.Equal(ActionResult.Success, line.Call(InterfaceClass.Clock, Clock, 6, static (ref AxdrWriter w) => w.Long(-30)));
        CosemDateTime now = Time(line);
        Assert.Equal((12, 24, 11, 59, 30, -60), (now.Month, now.Day, now.Hour, now.Minute, now.Second, now.DeviationMinutes));
        Assert.Equal(ActionResult.Success, line.Call(InterfaceClass.Clock, Clock, 1));
        Assert.Equal((12, 0, 0), (Time(line).Hour, Time(line).Minute, Time(line).Second));
    }

    [Fact]
    public void Settings_SurviveARestart()
    {
        using var rig = new CosemRig();
        CosemLine line = rig.Management();
        var links = new LogicalName(0, 0, 25, 4, 0);
        Assert.Equal(DataAccessResult.Success, line.Write(InterfaceClass.GprsSetup, links, 2, static (ref AxdrWriter w) => w.OctetString("park.example"u8)));
        rig.Restart();
        line = rig.Management(counter: 10_000);
        Assert.Equal(DataAccessResult.Success, line.Read(InterfaceClass.GprsSetup, links, 2));
        Assert.True(line.Client.Value.TryGetOctets(out ReadOnlySpan<byte> apn));
        Assert.Equal("park.example"u8.ToArray(), apn.ToArray());
    }

    [Fact]
    public void Broadcast_SetsTheEmergencyLimit_WithoutAnAnswer_AndOnlyWhatItMay()
    {
        using CosemRig rig = WithCredit(1_000);
        using var key = new CipherKey(SecuritySuite.Suite0, new byte[16], CosemRig.Authentication);
        Latchkey.Dlms.Server.ServerConnection connection = rig.Meter.DlmsServer!.Open();
        int Send(InterfaceClass id, LogicalName name, sbyte attribute, uint counter, ValueWriter value, bool forged = false)
        {
            byte[] plain = new byte[256];
            Assert.True(DataView.TryReadWhole(CosemLine.Data(value), out DataView data));
            int size = new SetRequest { Type = SetRequestType.Normal, Invoke = InvokeId.Confirmed(1), Attribute = new AttributeDescriptor(id, name, attribute), Data = data }.Write(plain);
            byte[] secured = new byte[256];
            int body = key.Protect(new SecurityControl(0x70), CosemRig.HeadEnd, counter, default, plain.AsSpan(0, size), secured);
            byte[] apdu = [0xDB, 8, .. new byte[8], (byte)body, .. secured.AsSpan(0, body)];
            CosemRig.HeadEnd.Write(apdu.AsSpan(2));
            if (forged) apdu[^1] ^= 1;
            return connection.Process(102, apdu, new byte[512]);
        }

        static void Profile(ref AxdrWriter w, uint seconds)
        {
            w.Structure(3);
            w.LongUnsigned(0);
            w.DateTimeOctets(CosemDateTime.From(CosemRig.Start));
            w.DoubleLongUnsigned(seconds);
        }

        CosemLine line = rig.Management();
        line.Write(InterfaceClass.Limiter, Limiter, 5, static (ref AxdrWriter w) => w.DoubleLongUnsigned(600));
        Assert.Equal(0, Send(InterfaceClass.Limiter, Limiter, 8, 5, static (ref AxdrWriter w) => Profile(ref w, 60), forged: true));
        Assert.Equal(0, Send(InterfaceClass.Limiter, Limiter, 8, 6, static (ref AxdrWriter w) => Profile(ref w, 3_600)));
        rig.Run(2);
        Assert.Equal((1, 600), (line.Number(InterfaceClass.Limiter, Limiter, 10), line.Number(InterfaceClass.Limiter, Limiter, 3)));

        // The same once more, an older one, and what it has no right on: nothing changes.
        Send(InterfaceClass.Limiter, Limiter, 8, 6, static (ref AxdrWriter w) => Profile(ref w, 1));
        Send(InterfaceClass.Limiter, Limiter, 4, 7, static (ref AxdrWriter w) => w.DoubleLongUnsigned(1));
        Send(InterfaceClass.DisconnectControl, Relay, 4, 8, static (ref AxdrWriter w) => w.Enum(1));
        rig.Run(2);
        Assert.Equal((1, 0), (line.Number(InterfaceClass.Limiter, Limiter, 10), line.Number(InterfaceClass.Limiter, Limiter, 4)));
        Assert.Equal(6, line.Number(InterfaceClass.DisconnectControl, Relay, 4));
        rig.Run(60);
        Assert.Equal(2, line.Number(InterfaceClass.DisconnectControl, Relay, 3));
    }

    private static CosemRig WithCredit(int watts, int kilowattHours = 10)
    {
        var rig = new CosemRig(watts: watts);
        rig.Meter.Type(rig.Mint.Credit(kilowattHours * 1_000) + "#", pauseMs: 0);
        rig.Run(1);
        return rig;
    }

    private static ActionResult Enter(CosemLine line, byte[] token) => line.Call(InterfaceClass.TokenGateway, Gateway, 1, (ref AxdrWriter w) => w.OctetString(token));

    private static ActionResult Block(CosemLine line, LogicalName transfer, uint number, ReadOnlySpan<byte> octets)
    {
        byte[] block = octets.ToArray();
        return line.Call(InterfaceClass.ImageTransfer, transfer, 2, (ref AxdrWriter w) =>
        {
            w.Structure(2);
            w.DoubleLongUnsigned(number);
            w.OctetString(block);
        });
    }

    private static (int Status, int Code) Status(CosemLine line)
    {
        Assert.Equal(DataAccessResult.Success, line.Read(InterfaceClass.TokenGateway, Gateway, 6));
        DataItems fields = line.Client.Value.Items;
        Assert.True(fields.TryTake(DataTag.Enum, out long status) & fields.TryTake(out DataView bits));
        Assert.True(bits.TryGetBits(out ReadOnlySpan<byte> octets, out _));
        return ((int)status, octets[0]);
    }

    private static byte[] Encode(TokenNumber token, string coding)
    {
        string digits = token.ToString();
        switch (coding)
        {
            case "ascii": return System.Text.Encoding.ASCII.GetBytes(digits);
            case "blanks" or "dashes":
                char mark = coding == "blanks" ? ' ' : '-';
                return System.Text.Encoding.ASCII.GetBytes(string.Join(mark, digits.Chunk(4).Select(c => new string(c))));
            case "bits":
                byte[] nine = new byte[TokenNumber.ByteCount];
                token.WriteBytes(nine);
                return nine;
            default:
                byte[] bcd = new byte[10];
                Assert.True(TokenCoding.TryEncodeBcd(digits, bcd));
                return bcd;
        }
    }

    private static double SecondEnergy(CosemLine line)
    {
        DataItems rows = line.Client.Value.Items;
        Assert.True(rows.TryTake(out DataView row));
        DataItems columns = row.Items;
        Assert.True(columns.MoveNext() && columns.MoveNext());
        Assert.True(columns.TryTake(DataTag.DoubleLongUnsigned, out long energy));
        return energy;
    }

    private static CosemDateTime Time(CosemLine line)
    {
        Assert.Equal(DataAccessResult.Success, line.Read(InterfaceClass.Clock, Clock, 2));
        Assert.True(line.Client.Value.TryGetDateTime(out CosemDateTime time));
        return time;
    }

    private static CosemDateTime LastSunday(byte month, byte hour) => CosemDateTime.Unspecified with { Month = month, Day = 0xFE, DayOfWeek = 7, Hour = hour, Minute = 0, Second = 0 };
}
