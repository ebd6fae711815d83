using System.CommandLine;
using Latchkey.Simulator.Physics;

namespace Latchkey.Cli.Bench;

/// <summary>What <c>bench relay</c> can do besides its figures: a recorded current, a campaign of faults, pictures.</summary>
internal sealed class RelayOptions
{
    private readonly Option<string> _current = new("--current")
    {
        Description = "relay: a recorded load current to open, as 16-bit samples (any ending), WAVE, .i32, or .csv/.txt with columns.",
    };

    private readonly Option<double?> _rate = new("--rate") { Description = "relay: samples per second of the recording, where it does not say so itself." };
    private readonly Option<double?> _hertz = new("--hertz") { Description = "relay: mains frequency of the recording; found in it when left out." };
    private readonly Option<int?> _column = new("--column") { Description = "relay: column of a text that holds the current, from 1; found by heading or looks when left out." };
    private readonly Option<int> _operations = new("--operations") { Description = "relay: scored openings of the recording at each of four currents.", DefaultValueFactory = _ => 60 };
    private readonly Option<int?> _faults = new("--faults") { Description = "relay: so many switching requests under random faults." };
    private readonly Option<int> _seed = new("--seed") { Description = "relay: seed of the faults.", DefaultValueFactory = _ => 4 };
    private readonly Option<string?> _pictures;

    /// <param name="command">Gets the options.</param>
    /// <param name="pictures">Of the command already: other benches draw too.</param>
    public RelayOptions(Command command, Option<string?> pictures)
    {
        _pictures = pictures;
        foreach (Option option in new Option[] { _current, _rate, _hertz, _column, _operations, _faults, _seed }) command.Options.Add(option);
    }

    public bool IsUsed(ParseResult result) =>
        result.GetValue(_current) is not null || result.GetValue(_faults) is not null || result.GetValue(_pictures) is not null
        || result.GetValue(_rate) is not null || result.GetValue(_hertz) is not null || result.GetValue(_column) is not null;

    public bool TryRun(ParseResult result, out IReadOnlyList<BenchFigure> figures, out string reason)
    {
        (figures, reason) = ([], "");
        if (result.GetValue(_faults) is { } faults) return TryFaults(faults, result.GetValue(_seed), out figures, out reason);
        if (result.GetValue(_pictures) is { } folder) return TryPictures(folder, out figures, out reason);
        if (result.GetValue(_current) is { } file) return TryCurrent(result, file, out figures, out reason);
        reason = "--rate, --hertz and --column say something about a recording: give it with --current";
        return false;
    }

    private bool TryCurrent(ParseResult result, string file, out IReadOnlyList<BenchFigure> figures, out string reason)
    {
        figures = [];
        int operations = result.GetValue(_operations);
        double? hertz = result.GetValue(_hertz);
        reason = operations is < 1 or > 10_000 ? "--operations must lie between 1 and 10000"
            : hertz is not (null or (>= 45 and <= 65)) ? "--hertz must lie between 45 and 65"
            : "";
        if (reason.Length > 0) return false;
        if (!Recording.TryRead(file, result.GetValue(_rate), result.GetValue(_column), out Recording? recording, out string why))
        {
            reason = $"{file}: {why}";
            return false;
        }

        if (recording!.Amps.Length * (hertz ?? 45) / recording.RateHz < 1)
        {
            reason = $"{file}: less than one whole cycle";
            return false;
        }

        if (recording.NeverComesNearZero())
            Console.Error.WriteLine("the recording never comes near zero: direct current, which is rightly not opened, or an offset that should be taken off first");
        figures = RoomBenches.Of(RecordedBench.Run(recording, hertz, operations));
        return true;
    }

    private static bool TryFaults(int requests, int seed, out IReadOnlyList<BenchFigure> figures, out string reason)
    {
        (figures, reason) = ([], requests < 1 ? "--faults must be at least 1" : "");
        if (reason.Length > 0) return false;
        FaultCampaignResult result = FaultCampaign.Run(requests, seed);
        foreach (string breach in result.Breaches) Console.Error.WriteLine(breach);
        figures = RoomBenches.Of(result.Figures());
        return true;
    }

    private static bool TryPictures(string folder, out IReadOnlyList<BenchFigure> figures, out string reason)
    {
        (figures, reason) = ([], "");
        try
        {
            figures = RoomBenches.Of([Latchkey.Simulator.Physics.BenchFigure.Reported($"pictures in {folder}", Gallery.Write(folder).Count, "files")]);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            reason = $"{folder}: cannot be written";
            return false;
        }
    }
}
