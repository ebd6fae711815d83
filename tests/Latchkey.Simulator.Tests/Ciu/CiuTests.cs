using CsCheck;
using Latchkey.Meter.Ciu;
using Latchkey.ModuleLink.Messages;
using Latchkey.Simulator.Bench;
using Latchkey.Simulator.Memory;
using Latchkey.Sts;

namespace Latchkey.Simulator.Tests.Ciu;

/// <summary>A token typed at a split keypad over a wire that loses, repeats, delays and garbles.</summary>
public sealed class CiuTests
{
    // Whatever the wire does: accepted once, credited once; entered again, used.
    [Fact]
    public void AToken_IsCreditedOnceOverAnyWire() => Gen.Select(Gen.Int, Gen.Int[0, 60], Gen.Int[0, 40], Gen.Int[0, 20]).Sample((seed, loss, repeat, garble) =>
    {
        using var mint = new TestMint();
        using var bench = Bench(mint);
        var wire = new Wire(bench, seed, loss, repeat, garble);
        TokenNumber token = mint.Credit(5_000);
        wire.Type(token + "#");
        if (!wire.RunUntil(() => bench.Core.Snapshot.LastToken is not null)) return false;
        bool once = bench.Core.Snapshot.LastToken!.Status == TokenStatus.Accepted && bench.Totals.Granted.WattHours == 5_000;
        long at = bench.Core.Snapshot.LastToken.AtMs;
        wire.Type(token + "#");
        wire.RunUntil(() => bench.Core.Snapshot.LastToken.AtMs != at);
        return once && bench.Core.Snapshot.LastToken.Status == TokenStatus.UsedError && bench.Totals.Granted.WattHours == 5_000;
    }, iter: 60);

    [Fact]
    public void TheDisplay_ReachesTheUnit()
    {
        using var mint = new TestMint();
        using var bench = Bench(mint);
        var wire = new Wire(bench, seed: 1, loss: 30, repeat: 10, garble: 5);
        wire.Type(mint.Credit(1_000) + "#");
        Assert.True(wire.RunUntil(() => wire.Unit.Line1 == "ACCEPTED"));
    }

    [Fact]
    public void ALostUnit_SaysSoAndTheMeterGoesOn()
    {
        using var mint = new TestMint();
        using var bench = Bench(mint);
        var wire = new Wire(bench, seed: 1, loss: 0, repeat: 0, garble: 0);
        wire.Run(3_000);
        Assert.True(wire.Unit.IsLinked(wire.NowMs));
        wire.Loss = 100;
        wire.Run(20_000);
        Assert.Equal(("NO LINK", false), (wire.Unit.Line1, wire.Host.IsLinked(wire.NowMs)));
        bench.Type(mint.Credit(2_000));
        Assert.Equal(TokenStatus.Accepted, bench.Core.Snapshot.LastToken!.Status);
        wire.Loss = 0;
        Assert.True(wire.RunUntil(() => wire.Unit.Line1 != "NO LINK"));
    }

    // What somebody recorded and plays again types nothing.
    [Fact]
    public void RecordedFrames_PlayedAgain_AreNotTyped()
    {
        using var mint = new TestMint();
        using var bench = Bench(mint);
        var wire = new Wire(bench, seed: 1, loss: 0, repeat: 0, garble: 0);
        wire.Type("1234");
        wire.Run(5_000);
        long taken = wire.Host.KeysTaken;
        foreach (byte[] frame in wire.Recorded.ToArray()) wire.Host.Receive(frame, wire.NowMs);
        Assert.Equal((4L, 4L), (taken, wire.Host.KeysTaken));
    }

    [Fact]
    public void AnyBytes_AreSurvivedByBothEnds() => Gen.Byte.Array[0, 400].Sample(bytes =>
    {
        int pressed = 0;
        var host = new CiuHost(_ => pressed++, () => Meter.MeterCore.DarkFace, _ => { });
        var unit = new CiuUnit(_ => { }, session: 1);
        host.Receive(bytes, 0);
        unit.Receive(bytes, 0);
        host.Poll(1);
        unit.Poll(1);
        return pressed == 0;
    }, time: LongRun.FuzzSeconds);

    [Fact]
    public void AFrame_IsReadInAnySplit() => Gen.Select(Gen.Byte.Array[0, CiuFrame.MaxPayload], Gen.Int[1, 20]).Sample((payload, piece) =>
    {
        byte[] bytes = [0xC5, 0, .. new CiuFrame(CiuFrameType.Show, 3, 4, payload).Encode(), .. new CiuFrame(CiuFrameType.Key, 3, 5, new byte[] { 0x31 }).Encode()];
        var reader = new CiuReader();
        var frames = new List<CiuFrame>();
        foreach (byte[] part in bytes.Chunk(piece)) frames.AddRange(reader.Push(part));
        return frames is [{ Type: CiuFrameType.Show }, { Type: CiuFrameType.Key, Sequence: 5 }] && frames[0].Payload.Span.SequenceEqual(payload);
    });

    private static BareMeter Bench(TestMint mint)
    {
        var bench = new BareMeter(mint, new MemoryNvmImage(), 1);
        bench.Manufacture();
        bench.Boot();
        return bench;
    }

    private sealed class Wire
    {
        private readonly BareMeter _bench;
        private readonly Random _chance;
        private readonly int _repeat;
        private readonly int _garble;
        private readonly PriorityQueue<(bool ToMeter, byte[] Bytes), long> _way = new();

        public Wire(BareMeter bench, int seed, int loss, int repeat, int garble)
        {
            (_bench, _chance, Loss, _repeat, _garble) = (bench, new Random(seed), loss, repeat, garble);
            Unit = new CiuUnit(bytes => Send(toMeter: true, bytes), session: 7);
            Host = new CiuHost(key => bench.Keys(key.ToString()), () => bench.Core.Face, bytes => Send(toMeter: false, bytes));
        }

        public CiuUnit Unit { get; }

        public CiuHost Host { get; }

        public int Loss { get; set; }

        public long NowMs => _bench.Time.MonotonicMs;

        public List<byte[]> Recorded { get; } = [];

        public void Type(string keys)
        {
            foreach (char key in keys) Assert.True(Unit.Press(key));
        }

        public void Run(int ms) => RunUntil(() => false, ms);

        public bool RunUntil(Func<bool> done, int atMostMs = 280_000)
        {
            for (int ms = 0; ms < atMostMs && !done(); ms += 20)
            {
                _bench.Wait(20);
                Unit.Poll(NowMs);
                Host.Poll(NowMs);
                while (_way.TryPeek(out _, out long at) && at <= NowMs) Deliver(_way.Dequeue());
            }

            return done();
        }

        private void Deliver((bool ToMeter, byte[] Bytes) frame)
        {
            if (frame.ToMeter) Host.Receive(frame.Bytes, NowMs);
            else Unit.Receive(frame.Bytes, NowMs);
        }

        private void Send(bool toMeter, byte[] bytes)
        {
            if (toMeter && bytes[1] == (byte)CiuFrameType.Key) Recorded.Add(bytes);
            int copies = _chance.Next(100) < _repeat ? 2 : 1;
            for (int i = 0; i < copies; i++)
            {
                if (_chance.Next(100) < Loss) continue;
                byte[] sent = [.. bytes];
                if (_chance.Next(100) < _garble) sent[_chance.Next(sent.Length)] ^= (byte)(1 << _chance.Next(8));
                _way.Enqueue((toMeter, sent), NowMs + 20 + _chance.Next(900));
            }
        }
    }
}
