using System.Buffers;
using CsCheck;
using Latchkey.Dlms.Link.Hdlc;
using Latchkey.Dlms.Link.ModeE;
using Latchkey.Dlms.Link.Wrapper;

namespace Latchkey.Dlms.Tests;

public sealed class LinkTests
{
    [Fact]
    public void Wrapper_LengthBeyondTheLimit_IsInvalidBeforeTheBodyIsThere() =>
        Assert.Equal(OperationStatus.InvalidData, WrapperFrame.Read([0, 1, 0, 16, 0, 1, 0x08, 0x01], 2048, out _, out _));

    [Fact]
    public void Wrapper_OtherVersion_IsInvalidAtItsSecondOctet() =>
        Assert.Equal(OperationStatus.InvalidData, WrapperFrame.Read([0, 2], 2048, out _, out _));

    [Fact]
    public void Wrapper_EverySplit_WaitsForTheRest()
    {
        byte[] frame = VectorFile.Hex("wrapper-aarq", "apdu");
        for (int length = 0; length < frame.Length; length++)
            Assert.Equal(OperationStatus.NeedMoreData, WrapperFrame.Read(frame.AsSpan(0, length), 2048, out _, out _));
    }

    [Theory]
    [InlineData("022200", null, null)] // three octets
    [InlineData("02220003", 145, 1)]
    [InlineData("C9", 100, null)]
    [InlineData("0223", 1, 17)]
    public void HdlcAddress_Forms_AreReadOrRefused(string hex, int? upper, int? lower)
    {
        bool read = HdlcAddress.TryRead(Convert.FromHexString(hex), out HdlcAddress address);
        Assert.Equal(upper.HasValue, read);
        if (read) Assert.Equal((upper, lower), ((int?)address.Upper, (int?)address.Lower));
    }

    [Fact]
    public void HdlcParameters_Negotiated_AreTheLowerOfEachPair()
    {
        var own = new HdlcParameters(200, 300, 3, 2);
        var proposed = new HdlcParameters(250, 128, 7, 1);
        Assert.Equal(new HdlcParameters(128, 250, 1, 2), own.NegotiateWith(proposed));
    }

    [Fact]
    public void HdlcServer_NotConnected_AnswersDiscWithDmAndElseIsSilent()
    {
        var server = new HdlcServerStation(HdlcAddress.Server(1, 17), HdlcParameters.Default, 2048);
        Span<byte> output = stackalloc byte[64];
        Assert.Equal(0, server.Receive(Frame(HdlcCommand.Information), output, out _));
        Assert.Equal(0, server.Receive(Frame(HdlcCommand.ReceiveReady), output, out _));
        int size = server.Receive(Frame(HdlcCommand.Disconnect), output, out _);
        Assert.Equal(OperationStatus.Done, HdlcFrame.Read(output[..size], out HdlcFrame answer, out _));
        Assert.Equal(HdlcCommand.DisconnectMode, answer.Control.Command);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 0)]
    [InlineData(1, 20)]
    [InlineData(3, 20)]
    [InlineData(7, 35)]
    public void HdlcStations_OverALineThatLosesFrames_DeliverEveryApduOnce(byte window, int lossPercent) =>
        Gen.Select(Gen.Byte.Array[1, 900], Gen.Int[0, int.MaxValue]).Sample(
            (apdu, seed) =>
            {
                var line = new LossyHdlcLine(window, lossPercent, (uint)seed);
                Assert.Equal(apdu, line.Exchange(apdu));
                Assert.Equal(1, line.Requests);
            },
            iter: 60, threads: 1);

    [Fact]
    public void HdlcPush_InUiFrames_IsPutTogether()
    {
        byte[] apdu = [.. Enumerable.Range(0, 500).Select(i => (byte)(i & 0xFF))];
        byte[] output = new byte[1024];
        int size = HdlcPush.Write(HdlcAddress.Client(48), HdlcAddress.Server(1), apdu, output);
        var receiver = new HdlcPushReceiver(2048);
        int position = 0;
        byte[]? whole = null;
        while (HdlcFrame.Read(output.AsSpan(position, size - position), out HdlcFrame frame, out int used) == OperationStatus.Done)
        {
            position += used;
            if (receiver.TryReceive(frame, out ReadOnlySpan<byte> received)) whole = received.ToArray();
        }

        Assert.Equal(apdu, whole);
    }

    [Fact]
    public void ModeE_SignOn_AgreesOnTheSpeed()
    {
        Span<byte> buffer = stackalloc byte[64];
        int size = ModeE.WriteRequest(default, buffer);
        Assert.Equal("2f3f210d0a", Convert.ToHexStringLower(buffer[..size]));
        Assert.True(ModeE.TryReadRequest(buffer[..size], out ReadOnlySpan<byte> address));
        Assert.True(address.IsEmpty);
        size = ModeE.WriteIdentification("LAT"u8, 9600, "KPM31"u8, buffer);
        Assert.True(ModeE.TryReadIdentification(buffer[..size], out ModeEIdentification identification));
        Assert.Equal((9600, true), (identification.Baud, identification.OffersModeE));
        size = ModeE.WriteAcknowledgement(identification.Baud, buffer);
        Assert.Equal("063235320d0a", Convert.ToHexStringLower(buffer[..size]));
        Assert.True(ModeE.TryReadAcknowledgement(buffer[..size], out int baud));
        Assert.Equal(9600, baud);
    }

    private static HdlcFrame Frame(HdlcCommand command) => new()
    {
        Destination = HdlcAddress.Server(1, 17), Source = HdlcAddress.Client(16), Control = new HdlcControl(command, PollFinal: true), HasKnownControl = true,
    };
}
