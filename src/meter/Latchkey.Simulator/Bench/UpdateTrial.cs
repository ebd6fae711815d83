using Latchkey.Meter;
using Latchkey.Meter.Update;
using Latchkey.Simulator.Memory;

namespace Latchkey.Simulator.Bench;

/// <summary>
/// Cuts the power at every step of every write of a firmware update, under every model of a torn page. What is found must be the step before or
/// the step after, the firmware that runs the old or the new, and the update must come to its end afterwards.
/// </summary>
internal sealed class UpdateTrial : IDisposable
{
    private const int TrialMs = 61_000;
    private static readonly TornWrite[] Models = Enum.GetValues<TornWrite>();
    private readonly TestMint _mint = new();
    private readonly FirmwareForge _forge = new();
    private readonly byte[] _image;
    private readonly uint _old;
    private readonly uint _new = FirmwareForge.Version(9, 1, 0);
    private readonly MemoryNvmImage _meterMemory = new();

    public UpdateTrial()
    {
        _old = FirmwareForge.Version(9, 0, 0);
        _image = _forge.Image(_new, bodyLength: 700, seed: 5);
        using var maker = new BareMeter(_mint, _meterMemory, seed: 1);
        maker.Manufacture();
    }

    /// <summary>The steps of an update, in order.</summary>
    public static IReadOnlyList<string> Steps { get; } = ["initiate", "first block", "last block", "verify", "verdict", "activate", "start", "confirm"];

    public long Points { get; private set; }

    public List<string> Failures { get; } = [];

    /// <summary>Cuts one step everywhere, for every n-th place.</summary>
    public void Run(string step, int every = 1)
    {
        MemoryNvmImage before = Prepared(step, out Essence from);
        (long steps, Essence to) = After(before.Copy(), step);
        foreach (TornWrite model in Models)
        {
            for (long cut = 0; cut < steps; cut += every)
            {
                Points++;
                Cut(before.Copy(), step, model, cut, from, to);
            }
        }
    }

    public void Dispose()
    {
        _forge.Dispose();
        _mint.Dispose();
    }

    private void Cut(MemoryNvmImage image, string step, TornWrite model, long cut, Essence from, Essence to)
    {
        string where = $"{step}, {model} at {cut}";
        using Bench bench = Open(image, unchecked((ulong)cut + 17));
        bench.Start(step);
        bench.Program.CutAfter(cut, model);
        if (BareMeter.Survives(() => bench.Act(step, _image))) Failures.Add($"{where}: was not cut");
        bench.Program.PowerOn();
        bench.Restart();
        Essence found = bench.Essence;

        // A hit on a wrong page may reach the image that is being tried: then the one before it runs, which is as good as any.
        bool isFallback = model == TornWrite.WrongPage && found.Version == _old;
        bool isStep = found == from || found == to || found == from.AfterStart() || found == to.AfterStart();
        if (!isStep && !isFallback) Failures.Add($"{where}: {found} is neither {from} nor {to}");
        if (!bench.Finish(_image)) Failures.Add($"{where}: the update does not come to its end, {bench.Essence}");
    }

    private MemoryNvmImage Prepared(string step, out Essence essence)
    {
        var image = new MemoryNvmImage();
        // The old firmware lies in a slot too, so that there is something to fall back to.
        using (Bench first = Open(image, 1))
        {
            first.Restart();
            if (!first.Finish(_forge.Image(_old, bodyLength: 300, seed: 4))) throw new InvalidOperationException("The first image was not taken.");
        }

        using Bench bench = Open(image, 2);
        bench.Restart();
        foreach (string earlier in Steps.TakeWhile(s => s != step)) bench.Act(earlier, _image);
        essence = bench.Essence;
        return image;
    }

    private (long Steps, Essence To) After(MemoryNvmImage image, string step)
    {
        using Bench bench = Open(image, 3);
        bench.Start(step);
        long before = bench.Program.Steps;
        bench.Act(step, _image);
        return (bench.Program.Steps - before, bench.Essence);
    }

    private Bench Open(MemoryNvmImage image, ulong seed) => new(_mint, _meterMemory.Copy(), new EepromModel(image, seed), _forge.Key);

    /// <summary>What must be as before or as after.</summary>
    /// <param name="Status">Of the transfer.</param>
    /// <param name="Version">What runs.</param>
    /// <param name="IsTrial">Whether it is on trial.</param>
    private sealed record Essence(ImageTransferStatus Status, uint Version, bool IsTrial)
    {
        public uint NextVersion { get; init; }

        /// <summary>The start that follows a cut takes the step from activated to tried by itself.</summary>
        public Essence AfterStart() => Status == ImageTransferStatus.ActivationInitiated ? this with { Version = NextVersion, IsTrial = true } : this;
    }

    private sealed class Bench(TestMint mint, MemoryNvmImage memory, EepromModel program, FirmwareKey key) : IDisposable
    {
        private readonly BareMeter _meter = new(mint, memory, seed: 1) { ProgramMemory = program, FirmwareKey = key };

        public EepromModel Program => program;

        public Essence Essence => new(_meter.Core.Update.Status, _meter.Core.Update.RunningVersion, _meter.Core.Update.Running.IsTrial)
        {
            NextVersion = FirmwareForge.Version(9, 1, 0),
        };

        public void Restart() => _meter.Boot();

        /// <summary>A meter that is about to take a step; the start of a tried image is a step itself.</summary>
        public void Start(string step)
        {
            if (step != "start") Restart();
        }

        public void Act(string step, byte[] image)
        {
            FirmwareUpdate update = step == "start" ? null! : _meter.Core.Update;
            switch (step)
            {
                case "initiate": update.Initiate([1], (uint)image.Length); break;
                case "first block": Send(update, image, 0); break;
                case "last block":
                    for (int i = 0; i < update.BlockCount; i++) Send(update, image, i);
                    break;
                case "verify": update.Verify(); break;
                case "verdict": Verify(update); break;
                case "activate": update.Activate(); break;
                case "start": Restart(); break;
                default: _meter.Wait(TrialMs); break;
            }
        }

        /// <summary>Goes on from wherever it is until the image runs and is confirmed.</summary>
        public bool Finish(byte[] image)
        {
            _ = ImageHeader.TryRead(image, out ImageHeader? header);
            for (int round = 0; round < 3; round++)
            {
                FirmwareUpdate update = _meter.Core.Update;
                if (update.RunningVersion == header!.Version) break;
                if (update.Status != ImageTransferStatus.VerificationSuccessful)
                {
                    update.Initiate([1], (uint)image.Length);
                    while (update.FirstBlockNotTransferred < update.BlockCount) Send(update, image, update.FirstBlockNotTransferred);
                    Verify(update);
                }

                update.Activate();
                Restart();
            }

            _meter.Wait(TrialMs);
            FirmwareUpdate last = _meter.Core.Update;
            return last.RunningVersion == header!.Version && !last.Running.IsTrial;
        }

        public void Dispose() => _meter.Dispose();

        private void Verify(FirmwareUpdate update)
        {
            update.Verify();
            while (update.Status == ImageTransferStatus.VerificationInitiated) _meter.Wait(50);
        }

        private static void Send(FirmwareUpdate update, byte[] image, int block)
        {
            int at = block * update.BlockSize;
            update.Block((uint)block, image.AsSpan(at, Math.Min(update.BlockSize, image.Length - at)));
        }
    }
}
