using System.Collections.Immutable;
using System.Formats.Cbor;
using System.Text.Json;
using CsCheck;
using Latchkey.ModuleLink.Messages;
using Latchkey.Testing;

namespace Latchkey.ModuleLink.Tests;

public sealed class MeterMessageCodecTests
{
    private static readonly Gen<TokenBytes> Tokens = Gen.Byte.Array[TokenBytes.Length].Select(b => TokenBytes.TryRead(b, out TokenBytes t) ? t : default);
    private static readonly Gen<EventEntry> Entries = Gen.Select(Gen.UInt, Gen.Long, Gen.Long, (c, t, d) => new EventEntry(c, t, d));

    private static readonly Gen<MeterMessage> Messages = Gen.OneOf<MeterMessage>(
        Gen.Select(Gen.UInt, Tokens, MeterMessage (s, t) => new MeterMessage.TokenPush(s, t)),
        Gen.Select(Gen.UInt, Tokens.Array[2, 4], MeterMessage (s, t) => new MeterMessage.KeyChangeSetPush(s, [.. t])),
        Gen.Select(Gen.UInt, Gen.Enum<RelayAction>(), MeterMessage (s, a) => new MeterMessage.RelayCommand(s, a)),
        Gen.Select(Gen.UInt, Gen.Byte, Gen.Long, MeterMessage (s, p, v) => new MeterMessage.ParameterSet(s, (MeterParameter)p, v)),
        Gen.UInt.Select(MeterMessage (s) => new MeterMessage.ReadingRequest(s)),
        Gen.Select(Gen.UInt, Gen.Enum<TokenStatus>(), Gen.Long, Gen.ULong, Gen.Bool, MeterMessage (s, r, b, f, named) =>
            new MeterMessage.TokenResult(s, r, b, named ? new TokenFingerprint(f) : null)),
        Gen.Select(Gen.UInt, Gen.Enum<TokenStatus>().Array[2, 4], MeterMessage (s, r) => new MeterMessage.KeyChangeSetResult(s, [.. r])),
        Gen.Select(Gen.UInt, Gen.Enum<CommandStatus>(), Gen.Enum<RelayReport>(), MeterMessage (s, c, r) => new MeterMessage.CommandResult(s, c, r)),
        Gen.Select(Gen.UInt, Gen.UInt, Gen.Int, Gen.Byte, Gen.UInt, Gen.Long, MeterMessage (b, o, r, c, t, m) => new MeterMessage.Hello(b, o, r, c, t, m)),
        Entries.Array[0, MeterMessage.EventReport.MaxEntries].Select(MeterMessage (e) => new MeterMessage.EventReport([.. e])),
        Gen.Select(Gen.Long, Gen.Long, Gen.Enum<RelayReport>(), Gen.Int, Gen.UInt, Gen.Bool, MeterMessage (t, e, relay, p, tamper, full) => new MeterMessage.Reading
        {
            Timestamp = t,
            EnergyWh = e,
            BalanceMilli = e / 3,
            Relay = relay,
            PowerW = p,
            VoltageDeciV = p / 7,
            CurrentMa = p / 2,
            GrantedMilli = full ? e : null,
            TamperBits = full ? tamper : null,
            PowerFactorMilli = full ? p : null,
        }));

    public static TheoryData<string> Published()
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(RepositoryRoot.Combine("vectors", "comms", "cbor_meter_messages_proposed.json")));
        return [.. file.RootElement.GetProperty("vectors").EnumerateArray().Select(v => v.GetProperty("cbor").GetString()!)];
    }

    [Theory, MemberData(nameof(Published))]
    public void Decode_PublishedVector_EncodesBackToTheSameBytes(string hex)
    {
        Assert.True(MeterMessageCodec.TryDecode(Convert.FromHexString(hex), out MeterMessage? message));
        Assert.Equal(hex, Convert.ToHexStringLower(MeterMessageCodec.Encode(message!)));
    }

    [Fact]
    public void Decode_PublishedTokenResult_HasThePublishedFields()
    {
        Assert.True(MeterMessageCodec.TryDecode(Convert.FromHexString("8418810700196338"), out MeterMessage? message));
        Assert.Equal(new MeterMessage.TokenResult(7, TokenStatus.Accepted, 25_400), message);
    }

    [Fact]
    public void Decode_PublishedHello_HasThePublishedFields()
    {
        Assert.True(MeterMessageCodec.TryDecode(Convert.FromHexString("8718900c193840386f011a00f6064019251c"), out MeterMessage? message));
        Assert.Equal(new MeterMessage.Hello(12, 14_400, -112, 1, 16_123_456, 9_500), message);
    }

    [Fact]
    public void Decode_OfEncode_IsTheMessage() => Messages.Sample(m =>
    {
        byte[] bytes = MeterMessageCodec.Encode(m);
        return bytes.Length <= MeterMessageCodec.MaxLength && MeterMessageCodec.TryDecode(bytes, out MeterMessage? back) && m.Equals(back);
    });

    // The platform's own reader, in its strictest mode, is the independent judge of our encoder.
    [Fact]
    public void Encode_AnyMessage_IsCanonicalCborToAnIndependentReader() => Messages.Sample(m =>
    {
        var reader = new CborReader(MeterMessageCodec.Encode(m), CborConformanceMode.Ctap2Canonical);
        reader.SkipValue();
        return reader.BytesRemaining == 0;
    });

    [Fact]
    public void Decode_EveryPrefix_IsRefused() => Messages.Sample(m =>
    {
        byte[] bytes = MeterMessageCodec.Encode(m);
        return Enumerable.Range(0, bytes.Length).All(n => !MeterMessageCodec.TryDecode(bytes.AsSpan(0, n), out _));
    });

    [Fact]
    public void Decode_WithAByteAfterIt_IsRefused() => Messages.Sample(m =>
        !MeterMessageCodec.TryDecode([.. MeterMessageCodec.Encode(m), 0], out _));

    [Fact]
    public void Decode_ArbitraryBytes_NeverThrowsAndWhatItTakesIsCanonical() => Gen.Byte.Array[0, 64].Sample(bytes =>
        !MeterMessageCodec.TryDecode(bytes, out MeterMessage? message) || MeterMessageCodec.Encode(message!).AsSpan().SequenceEqual(bytes));

    [Fact]
    public void Decode_OneByteChanged_NeverThrowsAndWhatItTakesIsCanonical() => Gen.Select(Messages, Gen.Int[0, 200], Gen.Byte).Sample((m, at, with) =>
    {
        byte[] bytes = MeterMessageCodec.Encode(m);
        bytes[at % bytes.Length] = with;
        return !MeterMessageCodec.TryDecode(bytes, out MeterMessage? message) || MeterMessageCodec.Encode(message!).AsSpan().SequenceEqual(bytes);
    });

    [Theory]
    [InlineData("83180107" + "4900ab54a98ceb1f0ad2")] // type 1 in two bytes
    [InlineData("9f01074900ab54a98ceb1f0ad2ff")] // indefinite array
    [InlineData("8301074800ab54a98ceb1f0a")] // eight bytes of token
    [InlineData("a7001a6b041800001a0012d6870219251c0301041903db0519090606191114")] // key 0 twice
    [InlineData("83030702")] // an action that does not exist
    public void Decode_NotDeterministicOrOutOfRange_IsRefused(string hex) =>
        Assert.False(MeterMessageCodec.TryDecode(Convert.FromHexString(hex), out _));

    [Fact]
    public void EveryTransmittedEnum_KeepsItsNumbers()
    {
        Assert.Equal([1, 2, 3, 4, 5, 0x81, 0x82, 0x83, 0x90, 0x91, 0xFF], Enum.GetValues<MessageType>().Select(v => (int)v));
        Assert.Equal([0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18], Enum.GetValues<TokenStatus>().Select(v => (int)v));
        Assert.Equal((10, 9, 13), ((int)TokenStatus.UsedError, (int)TokenStatus.OldError, (int)TokenStatus.CrcError));
        Assert.Equal([0, 1, 2, 3, 4, 5], Enum.GetValues<CommandStatus>().Select(v => (int)v));
        Assert.Equal(Enumerable.Range(1, 25), Enum.GetValues<MeterParameter>().Select(v => (int)v));
    }

    [Fact]
    public void TokenBytes_AsText_IsNotTheToken()
    {
        Assert.True(TokenBytes.TryRead(Convert.FromHexString("00ab54a98ceb1f0ad2"), out TokenBytes token));
        Assert.DoesNotContain("ab54a98ceb1f0ad2", token.ToString(), StringComparison.OrdinalIgnoreCase);
    }
}
