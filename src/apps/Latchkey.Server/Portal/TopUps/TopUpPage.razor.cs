using Latchkey.Server.Languages;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace Latchkey.Server.Portal.TopUps;

/// <summary>One top-up: pay, the token, and its way to the meter.</summary>
public sealed partial class TopUpPage
{
    private TopUpModel? _model;
    private bool _missing;

    [Parameter] public Guid TopUpId { get; set; }

    [Inject] private ITopUps TopUps { get; set; } = null!;

    [Inject] private IStringLocalizer<Words> Words { get; set; } = null!;

    protected override TimeSpan RefreshEvery => TimeSpan.FromSeconds(1);

    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        TopUpProgress? topUp = await TopUps.FindAsync(TenantId, TopUpId, cancellationToken);
        _missing = topUp is null;
        bool changed = _model is null || topUp is null || !IsSame(_model.TopUp, topUp);
        if (changed) _model = topUp is null ? null : new TopUpModel(topUp);
        return changed;
    }

    private static bool IsSame(TopUpProgress left, TopUpProgress right) =>
        left.Times.Count == right.Times.Count && left.End == right.End && left.Token == right.Token && left.By == right.By && left.Tokens.SequenceEqual(right.Tokens);

    /// <summary>Energy, or money on the meter's own account.</summary>
    private string? Gives => (_model!.TopUp.Credit?.ToString() is { } credit ? Words["tokens.on-account", credit].Value : null) ?? _model.TopUp.Units?.ToString();

    private string StandOf(int place) => _model!.IsCredited || _model.TopUp.Tokens[place].IsInMeter ? "done" : _model.Next == place ? "next" : "later";

    private string KindOf(TokenToType token) => Words[$"tokens.kind.{token.Kind}"] is { ResourceNotFound: false } word ? word.Value : Words["tokens.kind.sale"].Value;

    private string ValueOf(TokenToType token) => token.Credit is { } credit ? Words["tokens.on-account", credit].Value : token.Units?.ToString() ?? string.Empty;

    private string Explain(TimelineStep step) => step switch
    {
        { Step: TopUpStep.Credited, State: StepState.Done } => Words["way.credited", Gives ?? string.Empty, By],
        { Step: TopUpStep.Delivered, State: StepState.Done, At: null } => Words["way.not-needed"],
        { Step: TopUpStep.Sent, State: StepState.Done, At: null } => Words["way.not-needed"],
        { State: StepState.Done } => Words[$"way.{step.Step}.done"],
        { State: StepState.Current } => Words[$"way.{step.Step}.current"],
        { State: StepState.Failed } => Words["way.stopped"],
        _ => string.Empty,
    };

    private static string Language => System.Globalization.CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    private string By => _model!.TopUp.By switch
    {
        null => Words["by.unknown"],
        "used" => Words["by.used"],
        "keypad" => Words["by.keypad"],
        var module => Words["by.module", module],
    };
}
