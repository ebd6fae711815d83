using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Services;
using Latchkey.Meter.Control;
using Latchkey.Meter.Hal;
using Latchkey.ModuleLink.Messages;

namespace Latchkey.Meter.Cosem;

public sealed partial class MeterCosem
{
    private void AddSupply() => Device.Add(new DisconnectControl(Obis.Relay, new CoreRelay(_context, _parts.Supply)), Rights.Callable(4));

    /// <summary>The supply switch as class 70 asks of it; reasons of the meter's own still hold it open.</summary>
    private sealed class CoreRelay(MeterContext context, SupplyControl supply) : IDisconnectControl
    {
        public bool OutputState => supply.Position switch
        {
            SupplyPosition.Closed => true,
            SupplyPosition.Open => false,
            _ => supply.Decision.WantsClosed,
        };

        public ControlState State => supply.Decision.State;

        public byte Mode => supply.Decision.Mode;

        public ActionResult Request(ControlTrigger trigger)
        {
            RelayAction action = trigger == ControlTrigger.RemoteDisconnect ? RelayAction.Disconnect : RelayAction.Reconnect;
            return supply.Remote(action, context.State.Incoming) switch
            {
                CommandStatus.RefusedByMode => ActionResult.TemporaryFailure,
                CommandStatus.StorageFailure => ActionResult.HardwareFault,
                _ => ActionResult.Success,
            };
        }

        public bool TrySetMode(byte mode) => context.TrySet(MeterParameter.ControlMode, mode);
    }
}
