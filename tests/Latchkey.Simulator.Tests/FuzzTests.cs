using CsCheck;
using Latchkey.Meter.Events;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Journal;
using Latchkey.ModuleLink.Messages;
using Latchkey.Simulator.Bench;
using Latchkey.Simulator.Memory;

namespace Latchkey.Simulator.Tests;

/// <summary>Arbitrary memory and arbitrary keys: nothing throws, nothing is granted, and what cannot be trusted is off and says so.</summary>
public sealed class FuzzTests
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1";
    private static readonly int Runs = Long ? 100_000 : 400;

    private enum Damage
    {
        Noise = 0,
        OneByte = 1,
        ManyBytes = 2,
        OneHalf = 3,
        ForgedRecords = 4,
        ForgedSnapshot = 5,
        ForgedCheckpoint = 6,
        SwappedPages = 7,
    }

    [Fact]
    public void AnyMemory_StartsSafelyWithAnEvent()
    {
        using var mint = new TestMint();
        MemoryNvmImage good = Lived(mint);
        Gen.Select(Gen.Enum<Damage>(), Gen.Int).Sample((damage, seed) =>
        {
            var chance = new Random(seed);
            MemoryNvmImage image = good.Copy();
            Spoil(image, damage, chance);
            using var bench = new BareMeter(mint, image, 1);
            bench.Boot();
            bench.Wait(1_000);
            bench.Consume(1_000);
            bench.Type(mint.Credit(100));
            bench.Keys("071#");
            bench.Boot();
            if (bench.Core.Snapshot.IsStorageSound) return true;
            return bench.Switch.Position == SupplyPosition.Open && bench.Core.Snapshot.Events.Any(e => e.Code is EventCode.MemoryFault or EventCode.BlockUnreadable);
        }, iter: Runs);
    }

    [Fact]
    public void AnyKeys_ThrowNothingAndGrantNothing()
    {
        using var mint = new TestMint();
        using var bench = new BareMeter(mint, new MemoryNvmImage(), 1);
        bench.Manufacture();
        bench.Boot();
        Gen.Select(Gen.Char[" #*0123456789ABCD\u0000\uFFFF"], Gen.Frequency((20, Gen.Int[0, 2_000]), (1, Gen.Int[0, 2_000_000]))).Array[1, 80].Sample(keys =>
        {
            foreach ((char key, int pause) in keys)
            {
                bench.Keys(key.ToString());
                bench.Wait(pause);
            }

            return bench.Core.Face.Line1.Length <= 16 && bench.Totals.GrantedQuanta == 0 && bench.Core.Snapshot.IsStorageSound;
        }, iter: Runs, threads: 1);
    }

    private static MemoryNvmImage Lived(TestMint mint)
    {
        var image = new MemoryNvmImage();
        using var maker = new BareMeter(mint, image, 1);
        maker.Manufacture();
        maker.Boot();
        maker.Wait(1_000);
        maker.Core.SetAccount(LifeAccounts.Money, 1, maker.Time, out _);
        maker.Core.SetCalendar(LifeAccounts.Rates, future: false, 1, maker.Time, out _);
        maker.Type(mint.Money(2_000, out _));
        for (int i = 0; i < 2_000; i++) maker.Consume(1_500, 60);
        maker.Core.OnPowerFailing(maker.Time);
        return image;
    }

    private static void Spoil(MemoryNvmImage image, Damage damage, Random chance)
    {
        switch (damage)
        {
            case Damage.Noise: chance.NextBytes(image.Cells); break;
            case Damage.OneByte: Scatter(image, chance, 1); break;
            case Damage.ManyBytes: Scatter(image, chance, 300); break;
            case Damage.OneHalf: chance.NextBytes(image.Cells.Slice(chance.Next(2) * EepromModel.StandardSize / 2, EepromModel.StandardSize / 2)); break;
            case Damage.SwappedPages:
                for (int i = 0; i < 20; i++)
                {
                    Span<byte> page = image.Cells.Slice(256 * chance.Next(EepromModel.StandardSize / 256), 256);
                    image.Cells.Slice(256 * chance.Next(EepromModel.StandardSize / 256), 256).CopyTo(page);
                }

                break;
            default: Forge(image, damage, chance); break;
        }
    }

    private static void Scatter(MemoryNvmImage image, Random chance, int bytes)
    {
        for (int i = 0; i < bytes; i++) image.Cells[chance.Next(EepromModel.StandardSize)] = (byte)chance.Next(256);
    }

    // Whoever can solder can also compute a CRC: what is read is whole and still means nothing.
    private static void Forge(MemoryNvmImage image, Damage damage, Random chance)
    {
        var memory = new EepromModel(image);
        byte[] payload = new byte[chance.Next(1, damage == Damage.ForgedCheckpoint ? PageIo.MaxPayload : RecordIo.MaxPayload)];
        if (damage == Damage.ForgedCheckpoint)
        {
            var pages = new PageIo(memory);
            for (uint sequence = 1_000_000; sequence < 1_000_004; sequence++)
            {
                chance.NextBytes(payload);
                pages.TryWrite(JournalLayout.RingPage + (int)(sequence % JournalLayout.RingPages), RecordType.Checkpoint, sequence, payload);
            }

            return;
        }

        var log = new TransactionLog(memory, JournalLayout.Log);
        if (!log.Recover(new Deaf())) return;
        if (damage == Damage.ForgedSnapshot)
        {
            byte[] snapshot = new byte[chance.Next(1, 900)];
            chance.NextBytes(snapshot);
            snapshot[0] = 2;
            log.TryWriteSnapshot(snapshot);
            return;
        }

        for (int i = 0; i < 10; i++)
        {
            chance.NextBytes(payload);
            log.TryAppend((RecordType)chance.Next(16, 34), payload);
        }
    }

    private sealed class Deaf : ILogReplay
    {
        public void OnSnapshot(ReadOnlySpan<byte> snapshot)
        {
        }

        public void OnRecord(RecordType type, ReadOnlySpan<byte> payload)
        {
        }
    }
}
