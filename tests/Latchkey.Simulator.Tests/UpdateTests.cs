using CsCheck;
using Latchkey.Meter.Events;
using Latchkey.Meter.Update;
using Latchkey.ModuleLink.Messages;
using Latchkey.Simulator.Bench;
using Latchkey.Simulator.Memory;

namespace Latchkey.Simulator.Tests;

/// <summary>New firmware for a meter that meters and counts credit meanwhile.</summary>
public sealed class UpdateTests
{
    private static readonly uint V2 = FirmwareForge.Version(9, 2, 0);
    private static readonly uint V3 = FirmwareForge.Version(9, 3, 0);

    [Fact]
    public void AnUpdate_UnderLoadWithLiveCredit_LosesNoQuantumAndNoToken()
    {
        using var forge = new FirmwareForge();
        using var updated = new Rig(watts: 3_210, firmware: forge.Key);
        using var reference = new Rig(watts: 3_210);
        foreach (Rig rig in (Rig[])[updated, reference]) rig.Enter(rig.Mint.Credit(50_000));
        byte[] image = forge.Image(V2, bodyLength: 9_000);
        Transfer(updated, image, pauseSeconds: 7.3);
        updated.Run(100);
        Assert.Equal(TokenStatus.Accepted, updated.Enter(updated.Mint.Credit(1_000)));
        reference.Run((updated.Meter.Now - reference.Meter.Now).TotalSeconds - 4.2);
        Assert.Equal(TokenStatus.Accepted, reference.Enter(reference.Mint.Credit(1_000)));

        // What was drawn up to this instant is booked, in both.
        foreach (Rig rig in (Rig[])[updated, reference]) rig.Meter.Load = rig.Meter.Load;
        Assert.Equal(("9.2.0", 1), (updated.Snapshot.FirmwareVersion, updated.Meter.Restarts));
        Assert.Equal(ImageTransferStatus.ActivationSuccessful, updated.Meter.Updating(u => u.Status));
        Assert.Equal(updated.Meter.Now, reference.Meter.Now);
        Assert.Equal(reference.Snapshot.Registers.SampleCount, updated.Snapshot.Registers.SampleCount);
        Assert.Equal(reference.Snapshot.Registers.ActiveImport, updated.Snapshot.Registers.ActiveImport);
        Assert.Equal(reference.Snapshot.Totals, updated.Snapshot.Totals);
    }

    [Fact]
    public void FirmwareThatDoesNotComeUp_GivesWayToTheOneBefore()
    {
        using var forge = new FirmwareForge();
        using var rig = new Rig(watts: 1_000, firmware: forge.Key);
        rig.Enter(rig.Mint.Credit(5_000));
        Transfer(rig, forge.Image(V2));
        rig.Run(100);
        rig.Meter.FirmwareComesUp = version => version != V3;
        Transfer(rig, forge.Image(V3));
        rig.Run(30);
        Assert.Equal("9.2.0", rig.Snapshot.FirmwareVersion);
        Assert.Equal(ImageTransferStatus.ActivationFailed, rig.Meter.Updating(u => u.Status));
        Assert.Contains(rig.Snapshot.Events, e => e.Code == EventCode.FirmwareRolledBack && e.Detail == V2);

        // One start with the new image for each of the three tries, and one back to the old; then all is as ever, and another may be sent.
        Assert.Equal(1 + 4, rig.Meter.Restarts);
        rig.Meter.FirmwareComesUp = _ => true;
        Transfer(rig, forge.Image(V3));
        rig.Run(100);
        Assert.Equal("9.3.0", rig.Snapshot.FirmwareVersion);
    }

    [Fact]
    public void APowerCutInATransfer_IsResumedWhereItWas()
    {
        using var forge = new FirmwareForge();
        using var rig = new Rig(firmware: forge.Key);
        byte[] image = forge.Image(V2, bodyLength: 5_000);
        rig.Meter.Updating(u => u.Initiate([7], (uint)image.Length));
        for (int i = 0; i < 20; i += 2) Send(rig, image, i);
        rig.CyclePower();
        Assert.Equal(ImageTransferResult.Done, rig.Meter.Updating(u => u.Initiate([7], (uint)image.Length)));
        Assert.Equal(new byte[] { 0b1010_1010, 0b1010_1010, 0b1010_0000 }, rig.Meter.Updating(u => u.TransferredBlocks));
        Assert.Equal(1, rig.Meter.Updating(u => u.FirstBlockNotTransferred));
        Assert.Equal(ImageTransferResult.Incomplete, rig.Meter.Updating(u => u.Verify()));
        Transfer(rig, image, begin: false);
        rig.Run(100);
        Assert.Equal("9.2.0", rig.Snapshot.FirmwareVersion);
    }

    [Theory]
    [InlineData("another maker's", ImageVerdict.NotAuthentic)]
    [InlineData("another model's", ImageVerdict.OtherModel)]
    [InlineData("one bit of the body", ImageVerdict.Damaged)]
    [InlineData("one bit of the version", ImageVerdict.NotAuthentic)]
    [InlineData("no image", ImageVerdict.NotAnImage)]
    [InlineData("longer than it says", ImageVerdict.LengthDiffers)]
    [InlineData("metrology", ImageVerdict.SealClosed)]
    [InlineData("older", ImageVerdict.Older)]
    public void AnImageThatMustNotRun_IsRefused(string what, ImageVerdict expected)
    {
        using var forge = new FirmwareForge();
        using var rig = new Rig(firmware: forge.Key);
        Assert.Equal((ImageTransferStatus.VerificationFailed, expected), Verified(rig, Bad(what, forge)));
        Assert.Equal(ImageTransferResult.WrongOrder, rig.Meter.Updating(u => u.Activate()));
        Assert.Equal(0, rig.Meter.Restarts);
    }

    // The officer who broke the seal may bring metrology, and go back to an older version; a forger still may not.
    [Theory]
    [InlineData("metrology", ImageVerdict.Good)]
    [InlineData("older", ImageVerdict.Good)]
    [InlineData("another maker's", ImageVerdict.NotAuthentic)]
    public void WithTheSealOpen_OnlyTheSignatureDecides(string what, ImageVerdict expected)
    {
        using var forge = new FirmwareForge();
        using var rig = new Rig(firmware: forge.Key);
        rig.Meter.SealOpen = true;
        Assert.Equal(expected, Verified(rig, Bad(what, forge)).Verdict);
    }

    [Fact]
    public void PowerCutAtEveryStep_LeavesTheStepBeforeOrAfterAndTheUpdateCompletes()
    {
        using var trial = new UpdateTrial();
        foreach (string step in UpdateTrial.Steps) trial.Run(step, every: Long ? 1 : 9);
        Assert.Empty(trial.Failures);
        Assert.InRange(trial.Points, Long ? 10_000 : 1_000, int.MaxValue);
    }

    // Any bytes at all as a header, and any order of calls, is an answer.
    [Fact]
    public void AnyCallsWithAnyBytes_AreAnsweredAndActivateNothing() =>
        Gen.Select(Gen.Int[0, 4], Gen.UInt[0, 40], Gen.Byte.Array[0, 300]).Array[1, 40].Sample(calls =>
        {
            using var forge = new FirmwareForge();
            using var mint = new TestMint();
            using var bench = new BareMeter(mint, new MemoryNvmImage(), 1) { ProgramMemory = new EepromModel(new MemoryNvmImage()), FirmwareKey = forge.Key };
            bench.Manufacture();
            bench.Boot();
            FirmwareUpdate update = bench.Core.Update;
            foreach ((int call, uint number, byte[] bytes) in calls)
            {
                _ = call switch
                {
                    0 => update.Initiate(bytes, number * 64),
                    1 => update.Block(number, bytes),
                    2 => update.Verify(),
                    3 => update.Activate(),
                    _ => Tick(bench),
                };
            }

            return !update.IsRestartDue && update.FirstBlockNotTransferred <= update.BlockCount;
        }, iter: 40);

    [Fact]
    public void AnyHeaderBytes_AreReadOrRefused() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        bool read = ImageHeader.TryRead(bytes, out ImageHeader? header);
        return read == (header is not null);
    });

    private static bool Long => Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1";

    private static ImageTransferResult Tick(BareMeter bench)
    {
        bench.Wait(100);
        return ImageTransferResult.Done;
    }

    private static byte[] Bad(string what, FirmwareForge forge)
    {
        byte[] image = what switch
        {
            "metrology" => forge.Image(V2, kind: ImageKind.Metrology),
            "another model's" => forge.Image(V2, model: 33),
            "older" => forge.Image(FirmwareForge.Version(0, 0, 9)),
            "longer than it says" => [.. forge.Image(V2), 0],
            _ => forge.Image(V2),
        };
        switch (what)
        {
            case "another maker's":
                using (var other = new FirmwareForge()) return other.Image(V2);
            case "one bit of the body": image[^1] ^= 1; break;
            case "one bit of the version": image[8] ^= 1; break;
            case "no image": image[0] ^= 1; break;
        }

        return image;
    }

    private static (ImageTransferStatus Status, ImageVerdict Verdict) Verified(Rig rig, byte[] image)
    {
        rig.Meter.Updating(u => u.Initiate([1], (uint)image.Length));
        for (int i = 0; i * 256 < image.Length; i++) Send(rig, image, i);
        rig.Meter.Updating(u => u.Verify());
        rig.Run(10);
        return rig.Meter.Updating(u => (u.Status, u.Verdict));
    }

    private static void Transfer(Rig rig, byte[] image, double pauseSeconds = 0.5, bool begin = true)
    {
        if (begin) Assert.Equal(ImageTransferResult.Done, rig.Meter.Updating(u => u.Initiate([1], (uint)image.Length)));
        int count = rig.Meter.Updating(u => u.BlockCount);
        foreach (int block in Enumerable.Range(0, count).OrderBy(i => i * 7 % count))
        {
            Send(rig, image, block);
            rig.Run(pauseSeconds);
        }

        rig.Meter.Updating(u => u.Verify());
        rig.Run(5);
        Assert.Equal(ImageVerdict.Good, rig.Meter.Updating(u => u.Verdict));
        Assert.Equal(ImageTransferResult.InProgress, rig.Meter.Updating(u => u.Activate()));
        rig.Run(5);
    }

    private static void Send(Rig rig, byte[] image, int block)
    {
        int at = block * 256;
        Assert.Equal(ImageTransferResult.Done, rig.Meter.Updating(u => u.Block((uint)block, image.AsSpan(at, Math.Min(256, image.Length - at)))));
    }
}
