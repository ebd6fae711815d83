namespace Latchkey.Meter.Update;

/// <summary>What the boot loader chose to run.</summary>
/// <param name="Slot">0 or 1, or 255 for the factory's own program.</param>
/// <param name="Version">Its version; null for the factory's own.</param>
/// <param name="IsTrial">True while it has not proved itself.</param>
/// <param name="Returned">Why the image before it does not run any more, or <see cref="ImageVerdict.None"/>; <see cref="ImageVerdict.Good"/> when it was sound and did not come up.</param>
public sealed record BootChoice(byte Slot, uint? Version, bool IsTrial, ImageVerdict Returned);

/// <summary>Runs before the application at every start: a tried image has three starts to prove itself, a damaged one none.</summary>
internal static class BootLoader
{
    public const byte TrialStarts = 3;

    public static BootChoice Choose(FirmwareStore store, FirmwareKey? key, ushort model)
    {
        store.Recover();
        ImageVerdict returned = ImageVerdict.None;
        if (key is not null && store.Control is { Trial: not BootControl.Factory } trial)
        {
            ImageVerdict found = Look(store, trial.Trial, key, model, out uint version);
            if (found == ImageVerdict.Good && trial.TrialStarts > 0)
            {
                // Counted before it runs: an image that hangs must not get another start for nothing.
                store.TryCommit(trial with { TrialStarts = (byte)(trial.TrialStarts - 1) });
                return new BootChoice(trial.Trial, version, IsTrial: true, ImageVerdict.None);
            }

            store.TryCommit(trial with { Trial = BootControl.Factory, TrialStarts = 0, Status = ImageTransferStatus.ActivationFailed, Verdict = found });
            returned = found;
        }

        if (key is null || store.Control.Active == BootControl.Factory) return new BootChoice(BootControl.Factory, null, IsTrial: false, returned);
        ImageVerdict verdict = Look(store, store.Control.Active, key, model, out uint running);
        return verdict == ImageVerdict.Good
            ? new BootChoice(store.Control.Active, running, IsTrial: false, returned)
            : new BootChoice(BootControl.Factory, null, IsTrial: false, verdict);
    }

    private static ImageVerdict Look(FirmwareStore store, byte slot, FirmwareKey key, ushort model, out uint version)
    {
        version = 0;
        if (slot >= FirmwareStore.Slots) return ImageVerdict.NotAnImage;
        using var check = ImageCheck.Begin(store, slot, null, key, model);
        version = check.Header?.Version ?? 0;
        return check.Finish();
    }
}
