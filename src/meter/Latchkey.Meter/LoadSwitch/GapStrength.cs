namespace Latchkey.Meter.LoadSwitch;

/// <summary>
/// Learns how fast the opening gap gains strength from what each arc shows at its first zero: gone, or lit again. The belief is a
/// lognormal distribution; while it is wide the aim keeps away from gaps that might not hold.
/// </summary>
/// <remarks>Only zeros with voltage enough to re-ignite a gap say anything; a resistive load's never do.</remarks>
internal sealed class GapStrength
{
    private const double OtherMakeDeviation = 0.35; // what a surprise allows: these are not the contacts of the sheet
    private const double Surprise = 0.02;
    private const double NarrowestDeviation = 0.04;
    private const double WideningVariance = 2e-5; // contacts wear
    private const double SensingShare = 0.06; // of the voltage to be held: instants are known to half a sample
    private const double Reach = 4;
    private const int Nodes = 81;
    private const double MeanUnit = 0.02;
    private const double DeviationUnit = 0.004;

    private readonly ContactModel _sheet;
    private double _shift;
    private double _deviation;
    private bool _learned;

    /// <summary>Starts from the data sheet.</summary>
    public GapStrength(ContactModel sheet)
    {
        (_sheet, _deviation) = (sheet, sheet.StrengthDeviation);
        Contact = sheet;
    }

    /// <summary>The contacts as they are now believed to be.</summary>
    public ContactModel Contact { get; private set; }

    /// <summary>Natural logarithm of the strength against the data sheet's, in fiftieths.</summary>
    public sbyte StoredShift => (sbyte)Math.Clamp(Math.Round(_shift / MeanUnit), sbyte.MinValue, sbyte.MaxValue);

    /// <summary>Deviation of that logarithm in 1/250; 0 where nothing has been learned.</summary>
    public byte StoredDeviation => !_learned ? (byte)0 : (byte)Math.Max(Math.Round(_deviation / DeviationUnit), 1);

    public void Restore(sbyte shift, byte deviation)
    {
        (_shift, _deviation) = deviation == 0 ? (0, _sheet.StrengthDeviation) : (shift * MeanUnit, Math.Clamp(deviation * DeviationUnit, NarrowestDeviation, OtherMakeDeviation));
        _learned = deviation != 0;
        Apply();
    }

    /// <summary>Takes what one zero showed.</summary>
    /// <param name="gapMs">Time from the parting to the zero.</param>
    /// <param name="neededVolts">What the gap had to gain by then.</param>
    /// <param name="held">Whether the arc stayed out.</param>
    public void Learn(double gapMs, double neededVolts, bool held)
    {
        if (gapMs <= 0 || neededVolts <= 0 || _sheet.StrengthDeviation <= 0) return;
        _learned = true;
        double expected = Contact.HoldProbability(gapMs, neededVolts);
        if ((held ? expected : 1 - expected) < Surprise) _deviation = OtherMakeDeviation;
        double total = 0, mean = 0, square = 0;
        for (int k = 0; k < Nodes; k++)
        {
            double z = Reach * ((2.0 * k / (Nodes - 1)) - 1);
            double x = _shift + (z * _deviation);
            double holds = Normal.Cdf(Math.Log(_sheet.StrengthVoltsPerMs * Math.Exp(x) * gapMs / neededVolts) / SensingShare);
            // A surprise may also be an error of observation; no belief is ever struck out at once.
            double weight = Math.Exp(-z * z / 2) * (0.01 + (0.98 * (held ? holds : 1 - holds)));
            total += weight;
            mean += weight * x;
            square += weight * x * x;
        }

        _shift = mean / total;
        _deviation = Math.Clamp(Math.Sqrt(Math.Max((square / total) - (_shift * _shift), 0) + WideningVariance), NarrowestDeviation, OtherMakeDeviation);
        Apply();
    }

    private void Apply() => Contact = _sheet with
    {
        StrengthVoltsPerMs = _sheet.StrengthVoltsPerMs * Math.Exp(_shift), StrengthDeviation = _deviation,
    };
}
