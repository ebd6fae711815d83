using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Bench;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Server;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Tests;

/// <summary>What must be refused: each with the error of the table, and with state, counters and memory as before.</summary>
public sealed class RefusalTests
{
    private static readonly byte[] ReadEnergy = Convert.FromHexString("c001c100030100010800ff0200");

    public static TheoryData<string, string, string> Refused => new()
    {
        // what, plain APDU (ciphered rightly unless said), start of the answer in plain
        { "method without right", "c301c100030100010800ff01010f00", "c701c103" },
        { "write to a sealed register", "c101c100030100010800ff0200 0600000000".Replace(" ", "", StringComparison.Ordinal), "c501c103" },
        { "object that is not there", "c001c100030100630800ff0200", "c401c10104" },
        { "attribute that is not there", "c001c100030100010800ff0900", "c401c10104" },
        { "method that is not there", "c301c100460000 60030aff09010f00".Replace(" ", "", StringComparison.Ordinal), "c701c104" },
        { "another class", "c001c100010100010800ff0200", "c401c10109" },
        { "wrong type of a token", "c301c100730000132800ff01010f00", "c701c10c" },
        { "relay parameter out of range", "c301c10046000060030aff01010f05", "c701c1fa" },
        { "unknown APDU", "ff00", "d80202" },
        { "undecodable APDU", "c001c1", "d80202" },
        { "service that was not agreed", "c2000100030100010800ff0200", "" },
        { "block of a transfer that is not under way", "c002c100000001", "c402c101000000010110" },
        { "set block of a transfer that is not under way", "c103c1010000000201 00".Replace(" ", "", StringComparison.Ordinal), "c503c11200000002" },
        { "action block of a transfer that is not under way", "c306c1010000000201 00".Replace(" ", "", StringComparison.Ordinal), "c701c110" },
    };

    [Theory, MemberData(nameof(Refused))]
    public void ARequestUnderTheRightKey_ThatMayNotBe_GetsItsError(string what, string request, string expected)
    {
        using CipherKey key = ServerTests.Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        State before = State.Of(line);
        string answer = Plain(line, key, Convert.FromHexString(request));
        Assert.StartsWith(expected, answer, StringComparison.Ordinal);
        Assert.True(answer.Length > 0 == expected.Length > 0, what);

        // The request itself was genuine, so its counter is used; nothing else has changed.
        Assert.Equal(before with { Expected = before.Expected + 1 }, State.Of(line));
    }

    [Fact]
    public void ReplayedAarq_LeavesTheAssociationAndItsCounters()
    {
        using CipherKey key = ServerTests.Key();
        var meter = new SampleMeter(TimeProvider.System);
        var client = new DlmsClient(SampleMeter.Management(key, new TransmitCounter(), new ReceiveCounter()));
        ServerConnection connection = meter.Server.Open();
        byte[] buffer = new byte[1_024];
        byte[] answer = new byte[1_024];
        byte[] aarq = buffer[..client.Associate(buffer)];
        int size = aarq.Length;
        while (size > 0) _ = client.Take(answer.AsSpan(0, connection.Process(1, buffer.AsSpan(0, size), answer)), buffer, out size);
        Assert.True(connection.IsAssociated(1));
        uint expected = meter.Security.ExpectedFrom(SampleMeter.HeadEndTitle);

        int refused = connection.Process(1, aarq, answer);
        Assert.Equal($"d80106{expected:x8}", Convert.ToHexStringLower(answer.AsSpan(0, refused)));
        aarq[^1] ^= 1;
        _ = connection.Process(1, aarq, answer);
        Assert.Equal((byte)0xD8, answer[0]);
        Assert.True(connection.IsAssociated(1));
        Assert.Equal(expected, meter.Security.ExpectedFrom(SampleMeter.HeadEndTitle));
        size = client.Read(new AttributeDescriptor(InterfaceClass.Register, SampleMeter.Energy, 2), default, buffer);
        Assert.Equal(ClientStep.Done, client.Take(answer.AsSpan(0, connection.Process(1, buffer.AsSpan(0, size), answer)), buffer, out _));
    }

    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(0u)]
    [InlineData(1u)]
    public void AForgedCounter_WithAWrongTag_MovesNothing(uint counter)
    {
        using CipherKey key = ServerTests.Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        State before = State.Of(line);
        byte[] apdu = Ciphered(key, counter, ReadEnergy);
        apdu[^1] ^= 1;
        byte[] answer = new byte[256];
        int size = line.Connection.Process(1, apdu, answer);
        string expected = counter >= before.Expected ? "d80105" : $"d80106{before.Expected:x8}";
        Assert.Equal(expected, Convert.ToHexStringLower(answer.AsSpan(0, size)));
        Assert.Equal(before, State.Of(line));
    }

    [Fact]
    public void AServerThatReflectsTheChallenge_GetsNoProof()
    {
        var client = new DlmsClient(new DlmsClientOptions
        {
            Mechanism = AuthenticationMechanism.Sha256, Secret = "s"u8.ToArray(), Challenge = "0123456789abcdef"u8.ToArray(), Title = SampleMeter.HeadEndTitle,
        });
        byte[] buffer = new byte[512];
        Assert.True(client.Associate(buffer) > 0);
        byte[] initiate = new byte[32];
        int size = new InitiateResponse { Version = 6, Conformance = Conformance.Get, MaxReceivePdu = 512, VaaName = 7 }.Write(initiate);
        byte[] aare = new byte[256];
        size = new AssociationResponse
        {
            Context = ApplicationContext.LogicalName, Diagnostic = AssociationDiagnostic.AuthenticationRequired, RespondingSystemTitle = new byte[8],
            Mechanism = AuthenticationMechanism.Sha256, Authentication = "0123456789abcdef"u8, UserInformation = initiate.AsSpan(0, size),
        }.Write(aare);
        Assert.Equal(ClientStep.Failed, client.Take(aare.AsSpan(0, size), buffer, out int written));
        Assert.Equal((0, ClientFailureKind.ServerNotProved), (written, client.Failure.Kind));
    }

    [Fact]
    public void AClientThatReflectsTheChallenge_IsRefused()
    {
        // The meter's challenges are foretold here, so the client can try what an attacker cannot.
        var meter = new SampleMeter(TimeProvider.System);
        byte[] next = new byte[16];
        meter.Fill(next);
        next[0]++;
        var server = new DlmsServer(
            meter.Device, [new AssociationProfile { Client = 1, Mechanism = AuthenticationMechanism.Sha256, Secret = "s"u8.ToArray() }], meter.Security, meter, TimeProvider.System);
        var line = new BenchLine(meter, server, 1, new DlmsClientOptions
        {
            Mechanism = AuthenticationMechanism.Sha256, Secret = "s"u8.ToArray(), Challenge = next, Title = SampleMeter.HeadEndTitle,
        });
        line.Associate();
        Assert.Equal(new ClientFailure(ClientFailureKind.AssociationRejected, (int)AssociationDiagnostic.AuthenticationFailure), line.Client.Failure);
    }

    [Theory]
    [InlineData("c003c1")]
    [InlineData("c104c1")]
    [InlineData("c303c1")]
    public void AListOfThirtyThree_IsRefused_AndNothingIsDone(string head)
    {
        using CipherKey key = ServerTests.Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        State before = State.Of(line);
        string entry = head switch
        {
            "c003c1" => "00030100010800ff0200",
            "c104c1" => "00010000600100ff0200",
            _ => "00460000 60030aff01".Replace(" ", "", StringComparison.Ordinal),
        };
        string values = head switch { "c003c1" => string.Empty, "c104c1" => "21" + string.Concat(Enumerable.Repeat("090141", 33)), _ => "21" + string.Concat(Enumerable.Repeat("0f00", 33)) };
        string answer = Plain(line, key, Convert.FromHexString(head + "21" + string.Concat(Enumerable.Repeat(entry, 33)) + values));
        Assert.Equal("d80103", answer);
        Assert.Equal(before with { Expected = before.Expected + 1 }, State.Of(line));
    }

    [Fact]
    public void AccessOfThirtyThree_IsRefused()
    {
        using CipherKey key = ServerTests.Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        string entries = string.Concat(Enumerable.Repeat("0100030100010800ff02", 33));
        Assert.Equal("d80103", Plain(line, key, Convert.FromHexString("d9c00000010021" + entries + "21" + string.Concat(Enumerable.Repeat("00", 33)))));
    }

    [Fact]
    public void ThreeWrongPasswords_LockThePort_ForOthersToo_AndTheObjectSaysSo()
    {
        var meter = new SampleMeter(TimeProvider.System);
        var protection = new PortProtection(new LogicalName(0, 0, 44, 2, 0), new LogicalName(0, 0, 25, 0, 0), meter.Server);
        for (int i = 0; i < 3; i++)
            new BenchLine(meter, 32, new DlmsClientOptions { Mechanism = AuthenticationMechanism.Low, Secret = "00000000"u8.ToArray() }).Associate();
        var right = new BenchLine(meter, 32, new DlmsClientOptions { Mechanism = AuthenticationMechanism.Low, Secret = SampleMeter.Password });
        right.Associate();
        Assert.False(right.Client.IsAssociated);
        Assert.Equal((1, 3), (Number(protection, 8), Number(protection, 9)));
        var none = new AxdrWriter(new byte[8]);
        Assert.True(DataView.TryReadWhole([0x0F, 0], out DataView zero));
        Assert.Equal(ActionResult.Success, protection.Invoke(1, zero, ref none));
        Assert.Equal((0, 0), (Number(protection, 8), Number(protection, 9)));
        right.Associate();
        Assert.True(right.Client.IsAssociated);
    }

    [Theory]
    [InlineData(2, "1600", DataAccessResult.OtherReason)]
    [InlineData(2, "1602", DataAccessResult.Success)]
    [InlineData(3, "120005", DataAccessResult.Success)]
    [InlineData(3, "120000", DataAccessResult.OtherReason)]
    [InlineData(5, "1600", DataAccessResult.TypeUnmatched)]
    [InlineData(9, "0600000000", DataAccessResult.ReadWriteDenied)]
    public void PortProtection_TakesWhatIsInRange(int attribute, string value, DataAccessResult expected)
    {
        var protection = new PortProtection(new LogicalName(0, 0, 44, 2, 0), new LogicalName(0, 0, 25, 0, 0), new SampleMeter(TimeProvider.System).Server);
        Assert.True(DataView.TryReadWhole(Convert.FromHexString(value), out DataView view));
        Assert.Equal(expected, protection.Write(attribute, view));
    }

    private static int Number(PortProtection protection, int attribute)
    {
        var writer = new AxdrWriter(new byte[16]);
        Assert.Equal(DataAccessResult.Success, protection.Read(attribute, default, ref writer));
        Assert.True(DataView.TryReadWhole(writer.Written, out DataView value) && value.TryGetInteger(out _));
        value.TryGetInteger(out long number);
        return (int)number;
    }

    private static byte[] Ciphered(CipherKey key, uint counter, byte[] plain)
    {
        byte[] secured = new byte[plain.Length + 32];
        int size = key.Protect(SecurityControl.AuthenticatedAndEncrypted(SecuritySuite.Suite0), SampleMeter.HeadEndTitle, counter, default, plain, secured);
        return [0xDB, 8, .. Convert.FromHexString(SampleMeter.HeadEndTitle.ToString()), 0x82, (byte)(size >> 8), (byte)(size & 0xFF), .. secured.AsSpan(0, size)];
    }

    private static string Plain(BenchLine line, CipherKey key, byte[] plain)
    {
        byte[] answer = new byte[4_096];
        int size = line.Connection.Process(1, Ciphered(key, line.Meter.Security.ExpectedFrom(SampleMeter.HeadEndTitle), plain), answer);
        if (size == 0) return string.Empty;
        Assert.True(ProtectedApdu.TryRead(answer.AsSpan(0, size), out ProtectedApdu read));
        byte[] opened = new byte[4_096];
        Assert.True(key.TryUnprotect(read.Secured, SampleMeter.MeterTitle, default, opened, out int length));
        return Convert.ToHexStringLower(opened.AsSpan(0, length));
    }

    /// <summary>What must not change.</summary>
    private sealed record State(bool Associated, uint Expected, int Credits, int Entered, ControlState Relay, byte Mode, string Serial, int Generation)
    {
        public static State Of(BenchLine line) => new(
            line.Connection.IsAssociated(1), line.Meter.Security.ExpectedFrom(SampleMeter.HeadEndTitle), line.Meter.Credits, line.Meter.Entered, line.Meter.State,
            line.Meter.Mode, Convert.ToHexString(line.Meter.SerialNumber), line.Meter.Security.Generation);
    }
}
