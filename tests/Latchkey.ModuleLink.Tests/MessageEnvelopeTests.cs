using CsCheck;
using Latchkey.ModuleLink.Envelope;

namespace Latchkey.ModuleLink.Tests;

public sealed class MessageEnvelopeTests
{
    private static readonly byte[] Body = [0x83, 0x01, 0x07, 0x40];
    private static readonly Gen<byte[]> Keys = Gen.Byte.Array[MessageKey.MinLength, MessageKey.MaxLength];

    [Fact]
    public void Open_OfSeal_GivesBodyAndCounter() => Gen.Select(Keys, Gen.UInt, Gen.Byte.Array[0, 100]).Sample((k, counter, body) =>
    {
        using var key = new MessageKey(k);
        byte[] wire = MessageEnvelope.Seal(key, MessageDirection.FromMeter, counter, body);
        return MessageEnvelope.TryOpen(key, MessageDirection.FromMeter, wire, out uint c, out ReadOnlySpan<byte> b) == EnvelopeResult.Opened
            && c == counter && b.SequenceEqual(body) && wire.Length == body.Length + MessageEnvelope.Overhead;
    });

    // RFC 4231 test case 2 gives HMAC-SHA256 itself; here the layout around it is pinned.
    [Fact]
    public void Seal_KnownKey_GivesKnownBytes()
    {
        using var key = new MessageKey(Convert.FromHexString("000102030405060708090a0b0c0d0e0f"));
        byte[] wire = MessageEnvelope.Seal(key, MessageDirection.ToMeter, 0x01020304, Body);
        byte[] covered = Convert.FromHexString("0101" + "01020304" + "83010740");
        byte[] mac = System.Security.Cryptography.HMACSHA256.HashData(Convert.FromHexString("000102030405060708090a0b0c0d0e0f"), covered);
        Assert.Equal(Convert.ToHexString([.. covered, .. mac[..8]]), Convert.ToHexString(wire));
    }

    [Fact]
    public void Open_AnyOneBitFlipped_IsRefused()
    {
        using var key = new MessageKey(new byte[16]);
        byte[] wire = MessageEnvelope.Seal(key, MessageDirection.ToMeter, 9, Body);
        for (int bit = 0; bit < wire.Length * 8; bit++)
        {
            byte[] bent = [.. wire];
            bent[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(EnvelopeResult.Opened, MessageEnvelope.TryOpen(key, MessageDirection.ToMeter, bent, out _, out _));
        }
    }

    [Fact]
    public void Open_OwnMessageTurnedBack_IsRefused()
    {
        using var key = new MessageKey(new byte[16]);
        byte[] wire = MessageEnvelope.Seal(key, MessageDirection.FromMeter, 9, Body);
        Assert.Equal(EnvelopeResult.WrongDirection, MessageEnvelope.TryOpen(key, MessageDirection.ToMeter, wire, out _, out _));
        wire[1] = (byte)MessageDirection.ToMeter;
        Assert.Equal(EnvelopeResult.NotAuthentic, MessageEnvelope.TryOpen(key, MessageDirection.ToMeter, wire, out _, out _));
    }

    [Fact]
    public void Open_WithAnotherMetersKey_IsRefused()
    {
        using var key = new MessageKey(new byte[16]);
        using var other = new MessageKey([1, .. new byte[15]]);
        byte[] wire = MessageEnvelope.Seal(key, MessageDirection.ToMeter, 9, Body);
        Assert.Equal(EnvelopeResult.NotAuthentic, MessageEnvelope.TryOpen(other, MessageDirection.ToMeter, wire, out _, out _));
    }

    [Fact]
    public void Open_ArbitraryBytes_NeverOpens()
    {
        using var key = new MessageKey(new byte[16]);
        Gen.Byte.Array[0, 64].Sample(bytes => MessageEnvelope.TryOpen(key, MessageDirection.ToMeter, bytes, out _, out _) != EnvelopeResult.Opened);
    }

    [Fact]
    public void Window_AnyOrder_AcceptsExactlyWhatASetWouldWithinReach() => Gen.UInt[0, 120].Array[0, 200].Sample(counters =>
    {
        var window = default(ReplayWindow);
        var seen = new HashSet<uint>();
        uint highest = 0;
        foreach (uint counter in counters)
        {
            bool expected = counter != 0 && (counter > highest || highest - counter <= ReplayWindow.Size) && !seen.Contains(counter);
            if (window.TryAccept(counter, out ReplayWindow next) != expected) return false;
            window = next;
            if (!expected) continue;
            seen.Add(counter);
            highest = Math.Max(highest, counter);
        }

        return window.Highest == highest;
    });

    [Fact]
    public void Window_AtTheEndOfTheCounter_RefusesToWrap()
    {
        Assert.True(default(ReplayWindow).TryAccept(uint.MaxValue, out ReplayWindow window));
        Assert.False(window.TryAccept(uint.MaxValue, out _));
        Assert.False(window.TryAccept(1, out _));
    }

    [Fact]
    public void Window_StartingAfterALoss_RefusesEverythingBefore()
    {
        ReplayWindow window = ReplayWindow.StartingAfter(100);
        Assert.All(Enumerable.Range(0, 101), n => Assert.False(window.TryAccept((uint)n, out _)));
        Assert.True(window.TryAccept(101, out _));
    }
}
