using Latchkey.Vending.Vendors;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace Latchkey.Server.Portal.Vendors;

/// <summary>What the bank received: matched by the slip's reference, or waiting for two people.</summary>
public sealed partial class BankPage
{
    private const int MostWaiting = 200;
    private const long MostBytes = 2 * 1024 * 1024;
    private readonly Dictionary<string, string> _chosen = new(StringComparer.Ordinal);
    private IReadOnlyList<BankLineRecord> _waiting = [];
    private IReadOnlyList<VendorLine> _vendors = [];
    private IReadOnlyList<(BankLine Line, BankMatch Match)>? _results;
    private string? _text, _problem;
    private bool _busy;

    [Inject] private IVendorView Vendors { get; set; } = null!;

    protected override ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        (_waiting, _vendors) = (Vendors.Suspense(MostWaiting), Vendors.List());
        return ValueTask.FromResult(true);
    }

    private async Task LoadAsync(InputFileChangeEventArgs chosen)
    {
        _problem = null;
        if (chosen.File.Size > MostBytes)
        {
            _problem = Words["bank.too-large"];
            return;
        }

        using var reader = new StreamReader(chosen.File.OpenReadStream(MostBytes, Closed));
        _text = await reader.ReadToEndAsync(Closed);
    }

    private async Task ImportAsync()
    {
        (_problem, _results) = (null, null);
        if (BankStatementFile.Read(_text ?? string.Empty, out IReadOnlyList<BankLine> lines) is { } fault)
        {
            _problem = Words["bank.unreadable", fault];
            return;
        }

        _busy = true;
        try
        {
            IReadOnlyList<BankMatch> matches = await Vendors.ImportAsync(lines, Closed);
            (_results, _text) = ([.. lines.Zip(matches)], null);
        }
        finally
        {
            _busy = false;
        }

        await ReadAsync(Closed);
    }

    private void Choose(string lineId, ChangeEventArgs change)
    {
        if (change.Value is string { Length: > 0 } code) _chosen[lineId] = code;
        else _chosen.Remove(lineId);
    }

    private async Task AssignAsync(BankLineRecord record)
    {
        if (!_chosen.TryGetValue(record.Line.Id, out string? code)) return;
        string name = _vendors.FirstOrDefault(v => v.Code == code)?.Name ?? code;
        if (await TwoPeopleAsync(Words["bank.assign"], Words["bank.assign.question", record.Line.Amount, name]) is not { } people) return;
        await TellAsync(await Vendors.AssignAsync(record.Line.Id, code, people.First, people.Second, Closed), "bank.assigned");
        _chosen.Remove(record.Line.Id);
    }

    private static string ToneOf(BankMatch match) => match switch
    {
        BankMatch.Matched => "good",
        BankMatch.Unmatched => "warn",
        BankMatch.AlreadyRead => "calm",
        _ => "bad",
    };
}
