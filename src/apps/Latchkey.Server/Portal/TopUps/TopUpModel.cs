namespace Latchkey.Server.Portal.TopUps;

/// <summary>How far a step of the way is.</summary>
public enum StepState { Waiting = 0, Current = 1, Done = 2, Failed = 3 }

/// <summary>One step as the timeline shows it.</summary>
public sealed record TimelineStep(TopUpStep Step, StepState State, DateTimeOffset? At);

/// <summary>The way of a top-up: paid, sent, delivered, credited, and what the tenant can do now.</summary>
public sealed class TopUpModel
{
    private static readonly TopUpStep[] Shown = [TopUpStep.Paid, TopUpStep.Sent, TopUpStep.Delivered, TopUpStep.Credited];

    public TopUpModel(TopUpProgress topUp)
    {
        TopUp = topUp;
        Steps = [.. StepsOf(topUp)];
    }

    public TopUpProgress TopUp { get; }

    public IReadOnlyList<TimelineStep> Steps { get; }

    public bool AwaitsPayment => TopUp.End == TopUpEnd.None && !TopUp.Times.ContainsKey(TopUpStep.Paid);

    public bool IsCredited => TopUp.Times.ContainsKey(TopUpStep.Credited);

    /// <summary>More than one token is to be typed, one after the other.</summary>
    public bool IsInOrder => TopUp.Tokens.Count > 1;

    /// <summary>The next to be typed, counted from 0; null where the meter has all.</summary>
    public int? Next => IsCredited ? null : TopUp.Tokens.Select((token, i) => (token, i)).Where(t => !t.token.IsInMeter).Select(t => (int?)t.i).FirstOrDefault();

    /// <summary>The token is worth showing large until the meter has it.</summary>
    public bool MayType => TopUp.Token is not null && !IsCredited;

    // Proof closes every step before it: a token typed at the keypad was never delivered by radio, yet it is done.
    private static IEnumerable<TimelineStep> StepsOf(TopUpProgress topUp)
    {
        bool credited = topUp.Times.ContainsKey(TopUpStep.Credited), foundCurrent = false;
        foreach (TopUpStep step in Shown)
        {
            bool reached = topUp.Times.TryGetValue(step, out DateTimeOffset at);
            if (reached || credited)
            {
                yield return new TimelineStep(step, StepState.Done, reached ? at : null);
                continue;
            }

            StepState state = foundCurrent ? StepState.Waiting : topUp.End == TopUpEnd.None ? StepState.Current : StepState.Failed;
            foundCurrent = true;
            yield return new TimelineStep(step, state, null);
        }
    }
}
