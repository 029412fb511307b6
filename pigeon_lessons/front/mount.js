/** Puts a widget of Python's into the places that outputs have for it, and takes it away when its kernel is gone. */
export default {
  async initialize({ model: { widget_manager: manager, get } }) {
    const id = get('target'), widget = await manager.get_model(id), views = [];
    const places = more => document.querySelectorAll(`[data-widget="${id}"]${more}`);
    const observer = new MutationObserver(() => places(':empty').forEach(async place => {
      const host = place.appendChild(document.createElement('div')), view = await manager.create_view(widget);
      if (!host.isConnected) return view.remove();  // the output was drawn anew meanwhile, or is gone
      views.push(view);
      return view.luminoWidget.constructor.attach(view.luminoWidget, host);
    }));
    const leave = () => {
      observer.disconnect();
      for (const view of views.splice(0)) {
        if (!view.el.isConnected) document.body.append(view.el);  // only so can it be taken away
        if (view.el.contains(document.activeElement)) document.activeElement.blur();  // not in the midst of it
        view.remove();
      }
      places('').forEach(place => place.replaceChildren());
    };
    observer.observe(document.body, { childList: true, subtree: true });
    widget.on('comm_live_update', () => widget.comm_live || leave());  // the kernel was started anew
    manager.context?.sessionContext?.kernelChanged.connect(leave);  // or shut down
    document.body.append(document.createComment('pigeon'));  // a change: the place may be there already
    return leave;
  },
};
