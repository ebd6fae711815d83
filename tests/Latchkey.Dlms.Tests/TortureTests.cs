using CsCheck;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Bench;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Tests;

/// <summary>A line between client and server that loses, repeats and corrupts APDUs by a seed; the client repeats after a silence.</summary>
public sealed class TortureTests
{
    private const int MaxAttempts = 60;

    [Fact]
    public void Tokens_OverABadLine_EndClearly_AndAreNeverCreditedTwice()
    {
        using CipherKey key = ServerTests.Key();
        Gen.Int[1, int.MaxValue].Sample(
            seed =>
            {
                BenchLine line = BenchLine.Management(TimeProvider.System, key);
                uint state = (uint)seed;
                int sure = 0;
                for (int i = 0; i < 20; i++)
                {
                    byte[] token = ServerTests.Data((ref AxdrWriter w) => w.OctetString([0x10, 0, 0, 0, 0, 0, 0, 0, 0, (byte)(((i / 10) << 4) | (i % 10))]));
                    Assert.True(DataView.TryReadWhole(token, out DataView parameter));
                    int size = line.Client.Invoke(new MethodDescriptor(InterfaceClass.TokenGateway, SampleMeter.Gateway, 1), parameter, line.RequestBuffer);
                    if (Exchange(line, size, ref state) == ClientStep.Done) sure++;
                }

                return line.Meter.Credits <= 20 && line.Meter.Credits >= sure && sure > 10;
            },
            iter: 15, threads: 1);
    }

    [Fact]
    public void ProfileReads_OverABadLine_AreRightOrFailClearly()
    {
        using CipherKey key = ServerTests.Key();
        byte[] right = BenchLineValue(BenchLine.Management(TimeProvider.System, key));
        Gen.Int[1, int.MaxValue].Sample(
            seed =>
            {
                BenchLine line = BenchLine.Management(TimeProvider.System, key, maxPdu: 400);
                uint state = (uint)seed;
                int size = line.Client.Read(Profile, default, line.RequestBuffer);
                ClientStep end = Exchange(line, size, ref state);
                return end == ClientStep.Done ? line.Client.Value.Encoded.SequenceEqual(right) : line.Client.Failure.Kind != ClientFailureKind.None;
            },
            iter: 60, threads: 1);
    }

    private static AttributeDescriptor Profile => new(InterfaceClass.ProfileGeneric, SampleMeter.Profile, 2);

    private static byte[] BenchLineValue(BenchLine line)
    {
        line.Read(Profile);
        return line.Client.Value.Encoded.ToArray();
    }

    private static ClientStep Exchange(BenchLine line, int size, ref uint state)
    {
        byte[] answer = new byte[4096];
        for (int attempt = 0; attempt < MaxAttempts && size > 0; attempt++)
        {
            byte[] request = line.RequestBuffer[..size].ToArray();
            int copies = Chance(ref state, 15) ? 2 : 1;
            size = 0;
            for (int copy = 0; copy < copies; copy++)
            {
                if (Chance(ref state, 15)) continue;
                if (Chance(ref state, 5)) request[(int)(state % (uint)request.Length)] ^= 0x10;
                int answered = line.Connection.Process(1, request, answer);
                if (answered == 0 || Chance(ref state, 15)) continue;
                ClientStep step = line.Client.Take(answer.AsSpan(0, answered), line.RequestBuffer, out int next);
                if (step is ClientStep.Done or ClientStep.Failed) return step;
                if (step == ClientStep.Send) size = next;
            }

            if (size == 0) size = line.Client.Repeat(line.RequestBuffer);
        }

        return ClientStep.Ignored;
    }

    private static bool Chance(ref uint state, uint percent)
    {
        state = unchecked((state * 1_664_525) + 1_013_904_223);
        return (state >> 8) % 100 < percent;
    }
}
